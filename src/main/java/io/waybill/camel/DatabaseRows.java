package io.waybill.camel;

import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.component.sql.DefaultRowMapperFactory;
import org.apache.camel.component.sql.RowMapperFactory;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * Rows of {@code sql:} with the values that Camel's own have, made without asking for the columns'
 * names again for each row. Thread-safe; what it makes is for one query.
 *
 * @see <a href="https://camel.apache.org/components/4.14.x/sql-component.html">rowMapperFactory</a>
 */
public final class DatabaseRows implements RowMapperFactory {
  private final RowMapperFactory camels = new DefaultRowMapperFactory();

  @Override
  public RowMapper<?> newColumnRowMapper() {
    return new Mapper();
  }

  @Override
  public RowMapper<?> newBeanRowMapper(Class<?> type) {
    return camels.newBeanRowMapper(type);
  }

  private static final class Mapper implements RowMapper<Object> {
    private final ColumnMapRowMapper spring = new ColumnMapRowMapper();
    private ResultSet known;
    private DatabaseRow.Columns columns;
    private boolean[] times;

    @Override
    public Object mapRow(ResultSet row, int number) throws SQLException {
      if (row != known) {
        learn(row);
      }
      if (columns == null) {
        return spring.mapRow(row, number);
      }
      Object[] values = new Object[times.length];
      for (int i = 0; i < times.length; i++) {
        values[i] = value(row, i);
      }
      return new DatabaseRow(columns, values);
    }

    private void learn(ResultSet row) throws SQLException {
      ResultSetMetaData facts = row.getMetaData();
      times = new boolean[facts.getColumnCount()];
      List<String> names = new ArrayList<>();
      for (int i = 0; i < times.length; i++) {
        names.add(JdbcUtils.lookupColumnName(facts, i + 1));
        times[i] = Timestamp.class.getName().equals(facts.getColumnClassName(i + 1));
      }
      columns = DatabaseRow.Columns.of(names).orElse(null);
      known = row;
    }

    /**
     * Spring treats large objects, Oracle's own classes and dates that are times in its own way.
     */
    private Object value(ResultSet row, int place) throws SQLException {
      Object value = row.getObject(place + 1);
      boolean plain =
          value instanceof String
              || value instanceof Number
              || value instanceof Boolean
              || value instanceof Timestamp
              || value == null
              || (value instanceof Date && !times[place]);
      return plain ? value : JdbcUtils.getResultSetValue(row, place + 1);
    }
  }
}
