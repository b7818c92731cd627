package wherefore.metric;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ServiceLoader;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Beside {@code @Component} on a {@link Metric}: the service property {@code wherefore.metric}, a
 * capability of that name for resolvers, and the entry for {@link ServiceLoader}.
 */
@Capability(namespace = "wherefore.metric")
@Capability(
    namespace = "osgi.serviceloader",
    name = "wherefore.metric.Metric",
    attribute = "register:=\"${@class}\"")
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ProvidesMetric {
  /** What service properties begin with. */
  String PREFIX_ = "wherefore.";

  /** The metric's id. */
  @Attribute("wherefore.metric")
  String metric();
}
