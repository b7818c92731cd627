package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TeamTest {
  private static final long LARGE = 1 << 20;

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What makes requests share the processors: none waits for threads that another one has. */
  @Test
  void aLoopGetsDoneWhileAllHelpersAreBusy() throws Exception {
    CountDownLatch begun = new CountDownLatch(3);
    CountDownLatch end = new CountDownLatch(1);
    try (Team team = new Team(3);
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<?> busy =
          other.submit(
              () ->
                  team.each(
                      3,
                      LARGE,
                      (slot, from, to) -> {
                        begun.countDown();
                        awaited(end);
                      }));
      begun.await();
      AtomicLong sum = new AtomicLong();
      team.each(1000, LARGE, (slot, from, to) -> sum.addAndGet(from));
      assertEquals(999 * 1000 / 2, sum.get());
      end.countDown();
      busy.get();
    }
  }

  /** A helper that looked for work all the time would never be seen waiting for long. */
  @Test
  void idleHelpersSleep() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    try (Team team = new Team(2)) {
      team.each(
          2,
          LARGE,
          (slot, from, to) -> {
            begun.countDown();
            awaited(begun);
          });
      for (int asleep = 0; asleep < 20; ) {
        Thread.sleep(5);
        asleep = helpers().stream().allMatch(TeamTest::waits) ? asleep + 1 : 0;
      }
    }
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  private static List<Thread> helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("wherefore-cpu"))
        .toList();
  }
}
