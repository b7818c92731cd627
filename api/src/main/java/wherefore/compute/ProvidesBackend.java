package wherefore.compute;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ServiceLoader;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Beside {@code @Component} on a {@link ComputeBackend}: the service property {@code
 * wherefore.backend}, a capability of that name for resolvers, and the entry for {@link
 * ServiceLoader}.
 */
@Capability(namespace = "wherefore.backend")
@Capability(
    namespace = "osgi.serviceloader",
    name = "wherefore.compute.ComputeBackend",
    attribute = "register:=\"${@class}\"")
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ProvidesBackend {
  /** What service properties begin with. */
  String PREFIX_ = "wherefore.";

  /** The backend's id. */
  @Attribute("wherefore.backend")
  String backend();
}
