package wherefore.runtime.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameworkPropertiesTest {
  private static final String DEPLOY = "felix.fileinstall.dir";

  @TempDir Path root;

  @AfterEach
  void forget() {
    System.clearProperty(DEPLOY);
  }

  @Test
  void configurationIsFilledIn() throws IOException, LaunchException {
    assertEquals(root + "/deploy", properties().get(DEPLOY));
  }

  @Test
  void systemPropertyWins() throws IOException, LaunchException {
    System.setProperty(DEPLOY, "/elsewhere");
    assertEquals("/elsewhere", properties().get(DEPLOY));
  }

  @Test
  void taskIsHandedOver() throws IOException, LaunchException {
    Map<String, String> properties = properties();
    assertEquals("help", properties.get("wherefore.command"));
    assertEquals("89", properties.get("org.osgi.framework.startlevel.beginning"));
    assertEquals("", properties.get("gosh.args"));
  }

  private Map<String, String> properties() throws IOException, LaunchException {
    Path etc = Files.createDirectories(root.resolve("etc"));
    Files.writeString(etc.resolve("config.properties"), DEPLOY + "=${wherefore.home}/deploy\n");
    Home home = new Home(root, root.resolve("var"));
    try (Storage storage = Storage.open(home.state())) {
      return FrameworkProperties.of(home, storage, Task.of(List.of("-c", "help")));
    }
  }
}
