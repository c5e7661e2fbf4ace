package io.waybill.lineage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.waybill.delivery.RunState;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/** Makes OpenLineage events of what runs did. Source: OpenLineage, object model. Thread-safe. */
final class LineageEvents {
  private static final URI PRODUCER = URI.create("https://waybill.io/waybill");
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .registerModule(
              new SimpleModule().addSerializer(ZonedDateTime.class, new TimeSerializer()));

  private final OpenLineage model = new OpenLineage(PRODUCER);
  private final Places places;
  private final String namespace;
  private final String version;

  /**
   * Events of this process.
   *
   * @param namespace of jobs
   * @param version Waybill's
   */
  LineageEvents(Places places, String namespace, String version) {
    this.places = places;
    this.namespace = namespace;
    this.version = version;
  }

  String begun(RunFacts.Snapshot facts) {
    return event(EventType.START, facts, RunState.RUNNING, "");
  }

  String ended(RunFacts.Snapshot facts, RunState state, String reason) {
    return event(type(state), facts, state, reason);
  }

  /** What is held goes on later, by another start. */
  private static EventType type(RunState state) {
    return switch (state) {
      case COMPLETED, COMPLETED_WITH_DEAD_LETTERS -> EventType.COMPLETE;
      case FAILED -> EventType.FAIL;
      case CANCELLED -> EventType.ABORT;
      case HELD, RUNNING -> EventType.OTHER;
    };
  }

  private String event(EventType type, RunFacts.Snapshot facts, RunState state, String reason) {
    boolean ended = type != EventType.START;
    OpenLineage.RunEvent event =
        model
            .newRunEventBuilder()
            .eventTime(facts.at().atZone(ZoneOffset.UTC))
            .eventType(type)
            .run(run(facts, state, reason))
            .job(job(facts))
            .inputs(List.of(input(facts, ended)))
            .outputs(List.of(output(facts, ended)))
            .build();
    try {
      return JSON.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event of lineage is not to be written", e);
    }
  }

  private OpenLineage.Run run(RunFacts.Snapshot facts, RunState state, String reason) {
    OpenLineage.RunFacetsBuilder facets =
        model
            .newRunFacetsBuilder()
            .processing_engine(model.newProcessingEngineRunFacet(version, "Waybill", version))
            .put("waybill_run", new WaybillRunFacet(PRODUCER, facts, state, reason));
    if (state == RunState.FAILED) {
      facets.errorMessage(model.newErrorMessageRunFacet(reason, "JAVA", null));
    }
    if (facts.count() == 1) {
      facets.externalQuery(
          model.newExternalQueryRunFacet(
              String.valueOf(facts.batches().get(0).get("queryId")), "clickhouse"));
    }
    return model.newRunBuilder().runId(id(facts.run().id())).facets(facets.build()).build();
  }

  /** Ids of runs are no UUIDs, but each has one that is always the same. */
  static UUID id(String run) {
    return UUID.nameUUIDFromBytes(("waybill:" + run).getBytes(StandardCharsets.UTF_8));
  }

  private OpenLineage.Job job(RunFacts.Snapshot facts) {
    return model
        .newJobBuilder()
        .namespace(namespace)
        .name(facts.run().flow())
        .facets(
            model
                .newJobFacetsBuilder()
                .jobType(model.newJobTypeJobFacet("BATCH", "WAYBILL", "FLOW"))
                .build())
        .build();
  }

  private OpenLineage.InputDataset input(RunFacts.Snapshot facts, boolean ended) {
    SourceName source = SourceName.of(namespace, facts.run().flow(), facts.location());
    OpenLineage.InputDatasetBuilder dataset =
        model.newInputDatasetBuilder().namespace(source.namespace()).name(source.name());
    if (ended) {
      dataset.inputFacets(
          model
              .newInputDatasetInputFacetsBuilder()
              .inputStatistics(
                  model.newInputStatisticsInputDatasetFacet(
                      facts.rows() + facts.dead(), null, null))
              .build());
    }
    return dataset.build();
  }

  private OpenLineage.OutputDataset output(RunFacts.Snapshot facts, boolean ended) {
    List<OpenLineage.SchemaDatasetFacetFields> fields =
        places.columns(facts.run().flow(), facts.unit().target()).stream()
            .map(
                column ->
                    model
                        .newSchemaDatasetFacetFieldsBuilder()
                        .name(column.name())
                        .type(column.type())
                        .build())
            .toList();
    OpenLineage.DatasetFacetsBuilder facets = model.newDatasetFacetsBuilder();
    if (!fields.isEmpty()) {
      facets.schema(model.newSchemaDatasetFacet(fields));
    }
    OpenLineage.OutputDatasetBuilder dataset =
        model
            .newOutputDatasetBuilder()
            .namespace(places.namespace(facts.run().flow()))
            .name(facts.unit().target().toString())
            .facets(facets.build());
    if (ended) {
      dataset.outputFacets(
          model
              .newOutputDatasetOutputFacetsBuilder()
              .outputStatistics(
                  model.newOutputStatisticsOutputDatasetFacet(facts.rows(), facts.bytes(), null))
              .build());
    }
    return dataset.build();
  }

  /** Jackson's module for times is not needed for one type. */
  private static final class TimeSerializer extends JsonSerializer<ZonedDateTime> {
    @Override
    public void serialize(ZonedDateTime time, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
    }
  }
}
