package wherefore.attribution;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a component of an options record: all that help, completion, validation and provenance need.
 * Components are of type int, long, double, boolean, String or an enum.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** A sentence. */
  String value();

  /** The value where none is given, in text form. */
  String byDefault();

  /** The least number allowed. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The greatest number allowed. */
  double max() default Double.POSITIVE_INFINITY;

  /** What the number counts or measures, or empty. */
  String unit() default "";
}
