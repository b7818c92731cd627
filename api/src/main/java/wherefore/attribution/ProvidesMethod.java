package wherefore.attribution;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ServiceLoader;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Beside {@code @Component} on a {@link AttributionMethod}: the service property {@code
 * wherefore.method}, a capability of that name for resolvers, and the entry for {@link
 * ServiceLoader}.
 */
@Capability(namespace = "wherefore.method")
@Capability(
    namespace = "osgi.serviceloader",
    name = "wherefore.attribution.AttributionMethod",
    attribute = "register:=\"${@class}\"")
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ProvidesMethod {
  /** What service properties begin with. */
  String PREFIX_ = "wherefore.";

  /** The method's id. */
  @Attribute("wherefore.method")
  String method();
}
