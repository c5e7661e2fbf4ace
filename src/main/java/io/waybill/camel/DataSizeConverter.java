package io.waybill.camel;

import io.waybill.batch.DataSize;
import org.apache.camel.Exchange;
import org.apache.camel.support.TypeConverterSupport;

/** Lets endpoint options be sizes such as {@code 64MB}. */
final class DataSizeConverter extends TypeConverterSupport {
  @Override
  public <T> T convertTo(Class<T> type, Exchange exchange, Object value) {
    return type.cast(DataSize.parse(value.toString()));
  }
}
