package io.waybill.clickhouse;

import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.jdbc.StatementImpl;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;

/**
 * Puts the papers of the {@link QueryContext} on JDBC statements: log_comment, and for those of a
 * run query ids that begin with the run's id.
 */
final class PaperedStatements {
  private static final ClassLoader LOADER = PaperedStatements.class.getClassLoader();

  private PaperedStatements() {}

  /** The connection, with papers on each statement that it makes. */
  static Connection on(Connection connection) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Object result = invoke(connection, method, arguments);
          return result instanceof Statement made ? withPapers(made) : result;
        };
    return (Connection) Proxy.newProxyInstance(LOADER, new Class<?>[] {Connection.class}, handler);
  }

  private static Statement withPapers(Statement statement) throws SQLException {
    Map<String, String> papers = QueryContext.current();
    if (papers.isEmpty() || !statement.isWrapperFor(StatementImpl.class)) {
      return statement;
    }
    QuerySettings settings = statement.unwrap(StatementImpl.class).getLocalSettings();
    settings.logComment(LogComment.of(papers));
    String run = papers.getOrDefault("run", "");
    return run.isEmpty() ? statement : withQueryIds(statement, settings, run);
  }

  // a statement can be executed more than once, and each time is a query of its own
  private static Statement withQueryIds(Statement statement, QuerySettings settings, String run) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            settings.setQueryId(run + "-" + UUID.randomUUID());
          }
          return invoke(statement, method, arguments);
        };
    Class<?> type =
        statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
    return (Statement) Proxy.newProxyInstance(LOADER, new Class<?>[] {type}, handler);
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
