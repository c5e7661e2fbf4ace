package io.waybill.lineage;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.openlineage.client.OpenLineage;
import io.waybill.delivery.RunState;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Waybill knows of a run beyond OpenLineage's own words; {@code docs/lineage} has its schema.
 */
final class WaybillRunFacet implements OpenLineage.RunFacet {
  private static final URI SCHEMA =
      URI.create("https://waybill.io/spec/1-0-0/WaybillRunFacet.json#/$defs/WaybillRunFacet");
  private final URI producer;
  private final Map<String, Object> facts = new LinkedHashMap<>();

  WaybillRunFacet(URI producer, RunFacts.Snapshot run, RunState state, String reason) {
    this.producer = producer;
    facts.put("run", run.run().id());
    facts.put("flow", run.run().flow());
    facts.put("source", run.unit().sourceId());
    facts.put("location", run.location());
    facts.put("generation", run.unit().generation());
    facts.put("format", run.unit().format().clickHouseName());
    facts.put("state", state.label());
    facts.put("reason", reason);
    facts.put("rows", run.rows());
    facts.put("deadRows", run.dead());
    facts.put("bytes", run.bytes());
    facts.put("batchCount", run.count());
    facts.put("batches", run.batches());
  }

  @Override
  @JsonProperty("_producer")
  public URI get_producer() {
    return producer;
  }

  @Override
  @JsonProperty("_schemaURL")
  public URI get_schemaURL() {
    return SCHEMA;
  }

  @Override
  @JsonAnyGetter
  public Map<String, Object> getAdditionalProperties() {
    return facts;
  }
}
