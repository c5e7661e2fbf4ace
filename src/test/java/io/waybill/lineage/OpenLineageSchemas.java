package io.waybill.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The published schemas, and whether an event keeps to them: as a whole and facet by facet. */
public final class OpenLineageSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> OURS =
      List.of(
          "OpenLineage",
          "SchemaDatasetFacet",
          "OutputStatisticsOutputDatasetFacet",
          "InputStatisticsInputDatasetFacet",
          "ErrorMessageRunFacet",
          "ProcessingEngineRunFacet",
          "JobTypeJobFacet",
          "ExternalQueryRunFacet");
  private final Map<String, JsonNode> schemas = new TreeMap<>();
  private final JsonSchemaFactory factory;

  /** As they stand in the resources of the tests, and our own facet as the docs have it. */
  public OpenLineageSchemas() throws IOException {
    Map<String, String> byId = new TreeMap<>();
    for (String name : OURS) {
      add(name, resource(name), byId);
    }
    add("WaybillRunFacet", Files.readString(Path.of("docs/lineage/WaybillRunFacet.json")), byId);
    this.factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(byId)));
  }

  private void add(String name, String text, Map<String, String> byId) throws IOException {
    JsonNode schema = JSON.readTree(text);
    schemas.put(name, schema);
    byId.put(schema.get("$id").asText(), text);
  }

  private static String resource(String name) {
    try (InputStream in =
        OpenLineageSchemas.class.getResourceAsStream("/openlineage/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless an event is one, and each facet what its own schema says. */
  public void check(JsonNode event) {
    assertThat(schema("OpenLineage").validate(event)).as("%s", event).isEmpty();
    facets(event.at("/run/facets"));
    facets(event.at("/job/facets"));
    for (String side : List.of("inputs", "outputs")) {
      for (JsonNode dataset : event.path(side)) {
        facets(dataset.path("facets"));
        facets(dataset.path("inputFacets"));
        facets(dataset.path("outputFacets"));
      }
    }
  }

  private void facets(JsonNode facets) {
    for (Map.Entry<String, JsonNode> facet : new ArrayList<>(facets.properties())) {
      String url = facet.getValue().get("_schemaURL").asText();
      String name = url.replaceFirst(".*/([A-Za-z]+)\\.json#.*", "$1");
      assertThat(schemas).as("the schema of %s", url).containsKey(name);
      JsonNode alone = JSON.createObjectNode().set(facet.getKey(), facet.getValue());
      assertThat(schemas.get(name).at("/properties").has(facet.getKey()))
          .as("%s is the name of facet %s", facet.getKey(), name)
          .isTrue();
      assertThat(schema(name).validate(alone)).as("%s", facet).isEmpty();
    }
  }

  private JsonSchema schema(String name) {
    return factory.getSchema(
        com.networknt.schema.SchemaLocation.of(schemas.get(name).get("$id").asText()));
  }
}
