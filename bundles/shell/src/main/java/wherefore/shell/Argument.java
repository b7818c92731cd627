package wherefore.shell;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a component of a command's arguments record: all that parsing, help and completion need.
 *
 * <p>A {@code boolean} is a switch; an {@code Optional} may be left out; a {@code List} or a {@code
 * Map} may be given again and again. What is none of these and has no default must be given.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Argument {
  /** A sentence without its stop. */
  String value();

  /** What stands for the value in help: {@code FILE}. */
  String shows() default "";

  /** How it is given. */
  Form form() default Form.OPTION;

  /** The value where none is given, in text form. */
  String byDefault() default "";

  /** What it is a name of, for completion. */
  Names completes() default Names.NONE;

  /** How an argument is given. */
  enum Form {
    /** {@code --name VALUE}. */
    OPTION,
    /** By its place among the words that are no options. */
    PLACE,
    /** Either way. */
    EITHER
  }
}
