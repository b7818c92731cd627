package wherefore.render;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ServiceLoader;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Beside {@code @Component} on a {@link Renderer}: the service property {@code wherefore.renderer},
 * a capability of that name for resolvers, and the entry for {@link ServiceLoader}.
 */
@Capability(namespace = "wherefore.renderer")
@Capability(
    namespace = "osgi.serviceloader",
    name = "wherefore.render.Renderer",
    attribute = "register:=\"${@class}\"")
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ProvidesRenderer {
  /** What service properties begin with. */
  String PREFIX_ = "wherefore.";

  /** The renderer's id. */
  @Attribute("wherefore.renderer")
  String renderer();
}
