/**
 * Embeds an OSGi framework, installs the distribution's bundles, runs the shell or one command.
 *
 * <p>Start levels are directories: a jar below {@code bundles/50} starts at level 50. The framework
 * itself is whatever {@link java.util.ServiceLoader} finds, so Equinox can be exchanged for Felix
 * by exchanging a jar in {@code lib}.
 *
 * <p>A command reaches the bundles as a framework property, {@value
 * wherefore.runtime.launcher.Task#COMMAND} (text for the shell's parser) or {@value
 * wherefore.runtime.launcher.Task#ARGUMENTS} (a verb and its arguments, never parsed again, joined
 * by the character U+0000). A bundle answers it by a service of type {@code
 * java.util.concurrent.Callable<Integer>} with the property {@code main.thread=true}: the launcher
 * calls it on the main thread and exits with its value.
 */
@NullMarked
package wherefore.runtime.launcher;

import org.jspecify.annotations.NullMarked;
