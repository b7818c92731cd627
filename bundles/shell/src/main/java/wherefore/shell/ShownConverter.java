package wherefore.shell;

import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** Prints what the commands return. */
@Component(property = Converter.CONVERTER_CLASSES + "=wherefore.shell.Shown")
public final class ShownConverter implements Converter {
  @Override
  public @Nullable Object convert(Class<?> type, Object in) {
    return in instanceof Shown shown && type == String.class ? shown.shown() : null;
  }

  @Override
  public @Nullable CharSequence format(Object target, int level, Converter escape) {
    return target instanceof Shown shown ? shown.shown() : null;
  }
}
