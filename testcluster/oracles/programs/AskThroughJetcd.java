import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads a key through jetcd. Arguments: endpoint, CA, certificate, key; empty where there is none. */
public final class AskThroughJetcd {
  public static void main(String[] told) {
    try {
      var client = Client.builder().endpoints(told[0]).connectTimeout(Duration.ofSeconds(10));
      if (told[0].startsWith("https:")) {
        SslContextBuilder tls = GrpcSslContexts.forClient();
        if (!told[1].isEmpty()) tls.trustManager(new File(told[1]));
        if (!told[2].isEmpty()) tls.keyManager(new File(told[2]), new File(told[3]));
        client.sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build());
      }
      var key = ByteSequence.from("nothing", StandardCharsets.UTF_8);
      try (Client connected = client.retryMaxAttempts(1).build()) {
        connected.getKVClient().get(key).get(20, TimeUnit.SECONDS);
      }
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }
}
