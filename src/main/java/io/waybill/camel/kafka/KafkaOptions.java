package io.waybill.camel.kafka;

import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.SeekPolicy;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a flow needs of the options of a {@code kafka:} URI. Immutable. */
final class KafkaOptions {
  private static final String COMMITTED = "read_committed";
  private final KafkaConfiguration configuration;
  private final Set<String> given;

  /**
   * Options.
   *
   * @param given names of those that the URI gives
   */
  KafkaOptions(KafkaConfiguration configuration, Set<String> given) {
    this.configuration = configuration;
    this.given = given;
  }

  Optional<String> objection() {
    if (configuration.getGroupId() == null || configuration.getGroupId().isBlank()) {
      return Optional.of(
          "a flow needs a consumer group: without one each start would begin elsewhere; add groupId=NAME");
    }
    if (configuration.getOffsetRepository() != null) {
      return Optional.of("the ledger keeps the offsets; take offsetRepository out");
    }
    if (!configuration.isBatching()) {
      return Optional.of(
          "without batching=true Camel brings records one by one, and commits offsets before they arrived; add batching=true");
    }
    return ofRanges();
  }

  private Optional<String> ofRanges() {
    if (isOn("autoCommitEnable") && configuration.isAutoCommitEnable()) {
      return Optional.of(
          "autoCommitEnable=true would commit offsets before their records arrived; take it out: Waybill commits what is settled");
    }
    if (configuration.isAllowManualCommit()) {
      return Optional.of(
          "allowManualCommit=true would commit offsets before their records arrived; take it out: Waybill commits what is settled");
    }
    if (isOn("batchingIntervalMs")) {
      return Optional.of(
          "batchingIntervalMs is not Waybill's; write batchInterval=1s on the waybill: URI");
    }
    for (String key :
        Set.of(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)) {
      if (configuration.getAdditionalProperties().containsKey(key)) {
        return Optional.of(
            "additionalProperties.%s is Waybill's to set; take it out (autoOffsetReset= works)"
                .formatted(key));
      }
    }
    return Optional.empty();
  }

  private boolean isOn(String option) {
    return given.contains(option);
  }

  /** Properties of the client: Camel's, but for those that the promise hangs on. */
  Properties of(Properties camels) {
    camels.put(ConsumerConfig.GROUP_ID_CONFIG, configuration.getGroupId());
    if (configuration.getGroupInstanceId() != null) {
      camels.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, configuration.getGroupInstanceId());
    }
    camels.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    // where to begin is decided beside the ledger; a client that jumps by itself loses records
    camels.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    if (!isOn("isolationLevel")) {
      camels.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, COMMITTED);
    }
    if (isText()) {
      camels.put(
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    } else {
      ValueDecoding.wrap(camels);
    }
    return camels;
  }

  /** Whether values are text, that need not be decoded to be passed on. */
  boolean isText() {
    return KafkaConstants.KAFKA_DEFAULT_DESERIALIZER.equals(configuration.getValueDeserializer());
  }

  /** Where a partition begins that nobody knows anything of. */
  boolean fromBeginning() {
    if (configuration.getSeekTo() != null) {
      return configuration.getSeekTo() == SeekPolicy.BEGINNING;
    }
    return "earliest".equals(reset());
  }

  /** Whether a partition that nobody knows anything of may begin at all. */
  boolean mayBegin() {
    return configuration.getSeekTo() != null || !"none".equals(reset());
  }

  private String reset() {
    return String.valueOf(configuration.getAutoOffsetReset()).toLowerCase(Locale.ROOT);
  }
}
