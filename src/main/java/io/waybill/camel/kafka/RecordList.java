package io.waybill.camel.kafka;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Records as the messages that Camel would make of them, each made when it is asked for. Used by
 * one thread at a time.
 */
final class RecordList extends AbstractList<Exchange> {
  private final CamelContext context;
  private final KafkaConfiguration configuration;
  private final boolean text;
  private final List<ConsumerRecord<?, ?>> records;
  private final Exchange[] made;

  /**
   * Of these records.
   *
   * @param text whether values are bytes that Camel would bring as text
   */
  RecordList(
      CamelContext context,
      KafkaConfiguration configuration,
      boolean text,
      List<ConsumerRecord<?, ?>> records) {
    this.context = context;
    this.configuration = configuration;
    this.text = text;
    this.records = records;
    this.made = new Exchange[records.size()];
  }

  @Override
  public int size() {
    return records.size();
  }

  @Override
  public Exchange get(int index) {
    if (made[index] == null) {
      made[index] = exchange(records.get(index));
    }
    return made[index];
  }

  /** The message at this place, if somebody asked for it and may have changed it; else null. */
  Exchange touched(int index) {
    return made[index];
  }

  private Exchange exchange(ConsumerRecord<?, ?> record) {
    Exchange exchange = new DefaultExchange(context);
    Message message = exchange.getMessage();
    message.setHeader(KafkaConstants.TOPIC, record.topic());
    message.setHeader(KafkaConstants.PARTITION, record.partition());
    message.setHeader(KafkaConstants.OFFSET, record.offset());
    message.setHeader(KafkaConstants.TIMESTAMP, record.timestamp());
    message.setHeader(Exchange.MESSAGE_TIMESTAMP, record.timestamp());
    message.setHeader(KafkaConstants.HEADERS, record.headers());
    if (record.key() != null) {
      message.setHeader(KafkaConstants.KEY, record.key());
    }
    for (Header header : record.headers()) {
      Object value =
          configuration.getHeaderDeserializer().deserialize(header.key(), header.value());
      if (!configuration
          .getHeaderFilterStrategy()
          .applyFilterToExternalHeaders(header.key(), value, exchange)) {
        message.setHeader(header.key(), value);
      }
    }
    message.setBody(
        text && record.value() instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.UTF_8)
            : record.value());
    return exchange;
  }
}
