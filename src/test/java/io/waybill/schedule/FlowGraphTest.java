package io.waybill.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.schedule.UpstreamSet.End;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlowGraphTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final End OLD = new End(false, Optional.of(NOW));
  private static final End NEW = new End(true, Optional.of(NOW.minusSeconds(60)));

  @Test
  void aCircleIsNamedAlongItsWay() {
    FlowGraph graph =
        new FlowGraph(Map.of("a", List.of("c"), "b", List.of("a"), "c", List.of("x", "b")));
    assertThat(graph.cycle("a")).contains(List.of("a", "b", "c", "a"));
    assertThat(graph.cycle("x")).isEmpty();
  }

  @Test
  void aFlowThatWaitsForItselfIsACircle() {
    assertThat(new FlowGraph(Map.of("a", List.of("a"))).cycle("a")).contains(List.of("a", "a"));
  }

  @Test
  void fanInAndFanOutAreNoCircle() {
    FlowGraph graph =
        new FlowGraph(Map.of("b", List.of("a"), "c", List.of("a"), "d", List.of("b", "c")));
    assertThat(List.of("a", "b", "c", "d")).allMatch(flow -> graph.cycle(flow).isEmpty());
    assertThat(graph.lines(List.of("z")))
        .containsExactly(
            "a", "  -> b", "    -> d (also after c)", "  -> c", "    -> d (also after b)", "z");
  }

  @Test
  void allHaveToEndAnewOrOneDoes() {
    assertThat(UpstreamSet.isFull(List.of(NEW, NEW), true, Duration.ZERO, NOW)).isTrue();
    assertThat(UpstreamSet.isFull(List.of(NEW, OLD), true, Duration.ZERO, NOW)).isFalse();
    assertThat(UpstreamSet.isFull(List.of(NEW, OLD), false, Duration.ZERO, NOW)).isTrue();
    assertThat(UpstreamSet.isFull(List.of(OLD), false, Duration.ZERO, NOW)).isFalse();
    assertThat(UpstreamSet.isFull(List.of(), true, Duration.ZERO, NOW)).isFalse();
  }

  @Test
  void anEndThatIsTooLongAgoDoesNotCount() {
    assertThat(UpstreamSet.isFull(List.of(NEW), true, Duration.ofSeconds(60), NOW)).isTrue();
    assertThat(UpstreamSet.isFull(List.of(NEW), true, Duration.ofSeconds(59), NOW)).isFalse();
  }
}
