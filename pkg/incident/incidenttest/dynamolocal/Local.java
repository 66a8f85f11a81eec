import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * Serves DynamoDB from memory until its standard input ends, on a free port of
 * the loopback interface, which it prints once it answers. The program that
 * comes with DynamoDB Local listens on all interfaces and reports its use.
 */
public final class Local {
    public static void main(String[] args) throws Exception {
        boolean inMemory = true;
        LocalDynamoDBRequestHandler requests = new LocalDynamoDBRequestHandler(0, inMemory, null, false, false);
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(new LocalDynamoDBServerHandler(requests, null));
        server.start();
        System.out.println(((ServerConnector) server.getConnectors()[0]).getLocalPort());
        while (System.in.read() >= 0) {
        }
        System.exit(0);
    }
}
