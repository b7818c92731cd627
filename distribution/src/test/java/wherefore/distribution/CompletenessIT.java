package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** Everything that is assembled resolves, starts and is satisfied. */
class CompletenessIT {
  @RegisterExtension static final FrameworkExtension SYSTEM = new FrameworkExtension();

  @Test
  void everyBundleResolves() {
    SYSTEM.context().getBundle().adapt(FrameworkWiring.class).resolveBundles(null);
    assertEquals(List.of(), names(bundle -> bundle.getState() == Bundle.INSTALLED));
  }

  @Test
  void everyBundleBelowTheTerminalIsActive() {
    assertEquals(List.of(), names(CompletenessIT::isDown));
  }

  private static boolean isDown(Bundle bundle) {
    int level = bundle.adapt(BundleStartLevel.class).getStartLevel();
    // STARTING is a bundle that is activated by its first use.
    return level < 90 && bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING;
  }

  @Test
  void theFrameworkReportsNoError() {
    assertEquals(List.of(), SYSTEM.errors());
  }

  /** Asked through the shell: the runtime's own types are on the other side of the framework. */
  @Test
  void everyComponentIsSatisfied() throws Exception {
    CommandProcessor shell = SYSTEM.service(CommandProcessor.class);
    String list;
    try (CommandSession session =
        shell.createSession(InputStream.nullInputStream(), System.out, System.err)) {
      list = session.format(session.execute("scr:list"), Converter.INSPECT).toString();
    }
    assertTrue(list.contains("wherefore."), list);
    assertFalse(list.contains("unsatisfied"), list);
    assertFalse(list.contains("failed"), list);
  }

  private static List<String> names(Predicate<Bundle> those) {
    return Stream.of(SYSTEM.context().getBundles())
        .filter(those)
        .map(Bundle::getSymbolicName)
        .toList();
  }
}
