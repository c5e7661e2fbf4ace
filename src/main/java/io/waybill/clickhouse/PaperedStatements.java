package io.waybill.clickhouse;

import com.clickhouse.client.api.ClientConfigProperties;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.jdbc.StatementImpl;
import io.waybill.clickhouse.StatementGuard.Admission;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Puts the papers of the {@link QueryContext} on JDBC statements: log_comment, and for those of a
 * run query ids that begin with the run's id. Whatever is to be executed is decided on before by a
 * {@link StatementGuard}.
 */
final class PaperedStatements {
  private static final ClassLoader LOADER = PaperedStatements.class.getClassLoader();
  private static final String READ_ONLY = "readonly";
  private static final String CHANGES_NOTHING = "2"; // other settings may change

  private PaperedStatements() {}

  /**
   * The connection, with papers on each statement that it makes.
   *
   * @param name what the connection is called that the statements are written for
   */
  static Connection on(Connection connection, String name, StatementGuard guard) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Object result = invoke(connection, method, arguments);
          if (!(result instanceof Statement made)) {
            return result;
          }
          String sql = arguments != null && arguments[0] instanceof String text ? text : "";
          return withPapers(made, new Guarded(name, sql, guard));
        };
    return (Connection) Proxy.newProxyInstance(LOADER, new Class<?>[] {Connection.class}, handler);
  }

  /**
   * What is decided on.
   *
   * @param sql what was prepared; empty if nothing was
   */
  private record Guarded(String connection, String sql, StatementGuard guard) {

    /** Decides on what a method is about to execute. */
    void admit(QuerySettings settings, Object[] arguments) throws SQLException {
      boolean given = arguments != null && arguments.length > 0 && arguments[0] instanceof String;
      Admission admission = guard.admit(connection, given ? (String) arguments[0] : sql);
      if (!admission.role().isEmpty()) {
        settings.setDBRoles(List.of(admission.role()));
      }
      if (admission.readOnly()) {
        settings.serverSetting(READ_ONLY, CHANGES_NOTHING);
      } else { // what was executed before may have been
        settings.resetOption(ClientConfigProperties.serverSetting(READ_ONLY));
      }
    }
  }

  private static Statement withPapers(Statement statement, Guarded guarded) throws SQLException {
    Map<String, String> papers = QueryContext.current();
    boolean free = guarded.guard() == StatementGuard.NONE;
    boolean known = statement.isWrapperFor(StatementImpl.class);
    if (!known && !free) {
      throw new SQLException(
          "statements of %s cannot be decided on".formatted(statement.getClass().getName()));
    }
    if (!known || (papers.isEmpty() && free)) {
      return statement;
    }
    QuerySettings settings = statement.unwrap(StatementImpl.class).getLocalSettings();
    if (!papers.isEmpty()) {
      settings.logComment(LogComment.of(papers));
    }
    String run = papers.getOrDefault("run", "");
    return run.isEmpty() && free ? statement : proxied(statement, settings, run, guarded);
  }

  // a statement can be executed more than once, and each time is a query of its own
  private static Statement proxied(
      Statement statement, QuerySettings settings, String run, Guarded guarded) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          boolean executes = method.getName().startsWith("execute");
          boolean batches = method.getName().equals("addBatch") && arguments != null;
          if (batches || (executes && (arguments != null || !guarded.sql().isEmpty()))) {
            guarded.admit(settings, arguments);
          }
          if (!run.isEmpty() && executes) {
            settings.setQueryId(run + "-" + UUID.randomUUID());
          }
          return invoke(statement, method, arguments);
        };
    return (Statement) Proxy.newProxyInstance(LOADER, new Class<?>[] {type(statement)}, handler);
  }

  private static Class<?> type(Statement statement) {
    if (statement instanceof CallableStatement) {
      return CallableStatement.class;
    }
    return statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
