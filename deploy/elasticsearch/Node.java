import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;

/**
 * One Elasticsearch node on loopback, started from the libraries: {@code Node HOME DATA PORT}.
 *
 * <p>Prints one line when it answers and closes cleanly on SIGTERM or SIGINT.
 */
public final class Node {
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Path data = Path.of(arguments[1]);
        Settings settings = Settings.builder()
            .put("path.home", home)
            .put("path.data", data.resolve("data"))
            .put("path.logs", data.resolve("logs"))
            .put("node.name", "pantau-development")
            .put("cluster.name", "pantau-development")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[2])
            .put("transport.port", "0")
            // The disk of a development machine is not the index's to judge.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        LogConfigurator.setNodeName("pantau-development");
        LogConfigurator.configureESLogging();
        var node = new org.elasticsearch.node.Node(new Environment(settings, home.resolve("config")));
        var closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (java.io.IOException error) {
                error.printStackTrace();
            }
            closed.countDown();
        }));
        node.start();
        System.out.println("Elasticsearch answers at http://127.0.0.1:" + arguments[2]);
        closed.await();
    }
}
