package wherefore.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void readsCasesAndOptions() {
    Options options =
        CommandLine.read(
            "gradient",
            "--models",
            "vgg16,mlp",
            "--batches",
            "8",
            "--exactness",
            "direct",
            "--peer-env",
            "A=b=c",
            "--rounds",
            "3");
    assertEquals(List.of("gradient"), options.cases());
    assertTrue(options.wants(new Load("vgg16", 8)));
    assertFalse(options.wants(new Load("vgg16", 16)));
    assertFalse(options.wants(new Load("resnet50", 8)));
    assertEquals("direct", options.properties().get("wherefore.exactness"));
    assertEquals(Map.of("A", "b=c"), options.peerEnvironment());
    assertEquals(3, options.rounds());
  }

  @Test
  void theTunedPeerIsForThoseWhoAsk() {
    assertFalse(CommandLine.read().wants(Side.LIBTORCH_TUNED));
    assertTrue(CommandLine.read("--peers", "libtorch-tuned").wants(Side.LIBTORCH_TUNED));
  }

  @Test
  void saysWhatWouldBeAccepted() {
    refused(
        "no case is named walk; known: forward, gradient, ig, ig-adaptive, shapley, deeplift,"
            + " lrp, gradcam, occlusion",
        "walk");
    refused("--rounds has 0; it must be a positive number", "--rounds", "0");
    refused("--exactness is slow; it must be fast or direct", "--exactness", "slow");
    refused("--json takes a value", "--json");
    refused("no option is named --jsn; --help lists them", "--jsn");
  }

  private static void refused(String message, String... words) {
    UsageException e = assertThrows(UsageException.class, () -> CommandLine.read(words));
    assertEquals(message, e.getMessage());
  }
}
