package io.waybill.camel;

import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.delivery.Checkpoint;
import io.waybill.delivery.KeyRange;
import io.waybill.delivery.Step;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Extracts of a table by key: each begins at the checkpoint, is spooled whole and known by its
 * range. One at a time; thread-safe by the caller's lock.
 */
final class KeyedExtracts {
  private static final String BEGINNING = "CamelWaybillExtract";
  private final String flow;
  private final WaybillEndpoint endpoint;
  private final WaybillServices services;
  private final RowSchema schema;
  private final String column;
  private final Optional<KeyBound> bound;

  KeyedExtracts(String flow, WaybillEndpoint endpoint, WaybillServices services, RowSchema schema) {
    this.flow = flow;
    this.endpoint = endpoint;
    this.services = services;
    this.schema = schema;
    this.column = endpoint.extract().getKey();
    this.bound = endpoint.extract().bound(services.clock());
  }

  /**
   * Where an extract begins.
   *
   * @param from the checkpoint, or the flow's first value
   * @param until bound; empty for none
   */
  record Beginning(KeyValue from, Optional<KeyValue> until) {}

  /**
   * Puts checkpoint and bound on a message that enters the flow; stops one for which there is
   * nothing to extract yet.
   *
   * @throws SQLException if the source cannot be asked for the bound
   */
  void begin(Exchange exchange) throws SQLException {
    KeyValue from = checkpoint();
    Optional<KeyValue> until = Optional.empty();
    if (bound.isPresent()) {
      until = bound.get().now();
      if (until.isEmpty() || !isBeyond(until.get(), from)) {
        exchange.setRouteStop(true);
        return;
      }
    }
    exchange.setProperty(BEGINNING, new Beginning(from, until));
    put(exchange, WaybillHeaders.CHECKPOINT, from.bound());
    until.ifPresent(key -> put(exchange, WaybillHeaders.UNTIL, key.bound()));
  }

  private boolean isBeyond(KeyValue until, KeyValue from) {
    try {
      return until.compareTo(from) > 0;
    } catch (IllegalArgumentException e) {
      throw KeyTrouble.bound(
          "the bound of key %s %s".formatted(column, e.getMessage()),
          "keyLag is for times; write keyStart as the key's column has it");
    }
  }

  private static void put(Exchange exchange, String name, Object value) {
    exchange.getMessage().setHeader(name, value);
    exchange.setVariable(name, value);
  }

  private KeyValue checkpoint() {
    Optional<Checkpoint> known = services.ledger().checkpoint(flow, endpoint.tableName());
    known
        .filter(checkpoint -> !checkpoint.column().equals(column))
        .ifPresent(
            checkpoint -> {
              throw KeyTrouble.changed(checkpoint.column(), column);
            });
    return known
        .map(checkpoint -> KeyValue.of(checkpoint.key()))
        .orElseGet(() -> KeyValue.written(endpoint.extract().getKeyStart()));
  }

  /**
   * Spools the rows of a message durably.
   *
   * @return the source; empty if there is no row
   * @throws io.waybill.delivery.HeldDeliveryException if they are not in order, or not those that
   *     follow the checkpoint; nothing is kept then
   */
  Optional<BodySources.Offered> spool(Exchange exchange) throws IOException {
    Beginning beginning = exchange.getProperty(BEGINNING, Beginning.class);
    if (beginning == null) {
      throw KeyTrouble.noBeginning();
    }
    if (!services.spool().left(flow).isEmpty()
        || !checkpoint().key().equals(beginning.from().key())) {
      throw KeyTrouble.moved();
    }
    KeyedRows rows = KeyedRows.of(exchange.getMessage().getBody(), column, beginning);
    Optional<FileSource> source =
        services
            .spool()
            .storeNamed(
                flow,
                out -> {
                  new RowBodies(schema, out).write(rows);
                  return rows.last()
                      .map(to -> new KeyRange(column, beginning.from().key(), to.key()).sourceId());
                });
    source.ifPresent(kept -> services.faults().reached(Step.EXTRACT_SPOOLED));
    return source.map(
        kept ->
            new BodySources.Offered(
                kept, Optional.of(Format.JSON_EACH_ROW), true, true, Occasion.triggerOf(exchange)));
  }
}
