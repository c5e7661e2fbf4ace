package io.waybill.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/**
 * Lets PostgreSQL hand over the rows of a query in portions. Its driver takes all of them into
 * memory unless the connection is in a transaction and the statement says how many it wants at a
 * time; so a query that is prepared in auto-commit mode gets both, until the connection is closed
 * or something else is asked of it. Used by one thread at a time, as connections are.
 */
final class PortionedReads implements InvocationHandler {
  private static final int PORTION = 10_000;
  private static final Pattern QUERY =
      Pattern.compile(
          "\\s*(select|with|table|values)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private final Connection connection;
  private boolean reading;

  private PortionedReads(Connection connection) {
    this.connection = connection;
  }

  static Connection over(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            PortionedReads.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new PortionedReads(connection));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    boolean prepares = method.getName().equals("prepareStatement");
    boolean query = prepares && QUERY.matcher((String) arguments[0]).matches();
    if (query) {
      begin();
    } else if (prepares || method.getName().equals("createStatement")) {
      end();
    } else if (method.getName().equals("close")) {
      close();
      return null;
    }
    try {
      Object result = method.invoke(connection, arguments);
      if (query && reading) {
        ((Statement) result).setFetchSize(PORTION);
      }
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void begin() throws SQLException {
    if (connection.getAutoCommit()) {
      connection.setAutoCommit(false);
      reading = true;
    }
  }

  /** What a query changed by its functions is kept, as in auto-commit mode. */
  private void end() throws SQLException {
    if (reading && !connection.isClosed()) {
      connection.commit();
      connection.setAutoCommit(true);
    }
    reading = false;
  }

  private void close() throws SQLException {
    try {
      end();
    } finally {
      connection.close();
    }
  }
}
