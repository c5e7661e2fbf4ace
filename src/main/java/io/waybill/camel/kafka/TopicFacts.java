package io.waybill.camel.kafka;

import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** Asks a cluster what consumers are not told. Used by one thread. */
final class TopicFacts implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;
  private final Admin admin;
  private final String group;

  TopicFacts(Properties client, String group) {
    Properties own = new Properties();
    client.forEach(
        (key, value) -> {
          if (AdminClientConfig.configNames().contains(key)) {
            own.put(key, value);
          }
        });
    this.admin = Admin.create(own);
    this.group = group;
  }

  /**
   * A partition as it is now.
   *
   * @throws KafkaException if nobody tells
   */
  PartitionSource source(TopicPartition partition) {
    String cluster = get(admin.describeCluster().clusterId());
    String topic =
        get(admin
                .describeTopics(List.of(partition.topic()))
                .topicNameValues()
                .get(partition.topic()))
            .topicId()
            .toString();
    return new PartitionSource(
        "kafka:%s/%s/%s/%d".formatted(cluster, partition.topic(), topic, partition.partition()),
        "kafka:%s/%d".formatted(partition.topic(), partition.partition()));
  }

  /** Hosts of members of the group that are not ours, while it is stable. */
  Set<String> foreignMembers(GroupMembers ours) {
    ConsumerGroupDescription description =
        get(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
    if (description.groupState() != GroupState.STABLE) {
      return Set.of();
    }
    return description.members().stream()
        .filter(member -> !ours.isOwn(member.consumerId()))
        .map(MemberDescription::host)
        .collect(Collectors.toSet());
  }

  private static <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException("the cluster does not answer", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(1));
  }
}
