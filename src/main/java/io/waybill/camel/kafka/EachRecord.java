package io.waybill.camel.kafka;

import io.waybill.camel.WrappedStep;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.spi.InterceptStrategy;

/**
 * Lets {@code unmarshal} decode each record of a range, as it would each message of another source:
 * no data format knows lists of messages. A value that is not of its format stays the bytes that it
 * is, as with {@link ValueDecoding}.
 */
public final class EachRecord implements InterceptStrategy {
  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
    return definition instanceof UnmarshalDefinition ? new Unmarshalling(target) : target;
  }

  private static final class Unmarshalling extends WrappedStep {
    Unmarshalling(Processor processor) {
      super(processor);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
      if (exchange.getMessage().getBody() instanceof RecordList records) {
        for (Exchange each : records) {
          unmarshal(each);
        }
      } else {
        super.process(exchange);
      }
    }

    private void unmarshal(Exchange record) throws Exception {
      Object value = record.getMessage().getBody();
      if (value == null) {
        return; // as a deleted key has none
      }
      super.process(record);
      Exception thrown = record.getException();
      if (thrown == null) {
        return;
      }
      if (!ValueDecoding.isOfData(thrown)) {
        throw thrown;
      }
      record.setException(null);
      record.getMessage().setBody(value);
    }
  }
}
