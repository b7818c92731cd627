package wherefore.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ServiceLoader;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Beside {@code @Component} on a {@link ModelExporter}: the service property {@code
 * wherefore.exporter}, a capability of that name for resolvers, and the entry for {@link
 * ServiceLoader}.
 */
@Capability(namespace = "wherefore.exporter")
@Capability(
    namespace = "osgi.serviceloader",
    name = "wherefore.model.ModelExporter",
    attribute = "register:=\"${@class}\"")
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ProvidesExporter {
  /** What service properties begin with. */
  String PREFIX_ = "wherefore.";

  /** The format's name. */
  @Attribute("wherefore.exporter")
  String exporter();
}
