package io.nuner.server.rpc;

import io.grpc.Codec;
import io.grpc.Decompressor;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Gzip that reads the first byte only when the message is read. Any thread; its streams: one thread at a time.
 *
 * <p>gRPC's own gzip reads the header while gRPC takes the frame apart, and gRPC answers a damaged header with UNKNOWN. This
 * one fails while {@link RequestMarshaller} reads, so that the service can answer.
 */
public final class LazyGzip implements Decompressor {
    private final Decompressor gzip = new Codec.Gzip();

    @Override
    public String getMessageEncoding() {
        return gzip.getMessageEncoding();
    }

    @Override
    public InputStream decompress(InputStream compressed) {
        return new LazyStream(compressed);
    }

    private final class LazyStream extends InputStream {
        private final InputStream compressed;
        private @Nullable InputStream plain;

        private LazyStream(InputStream compressed) {
            this.compressed = compressed;
        }

        private InputStream plain() throws IOException {
            InputStream opened = plain;
            if (opened == null) {
                opened = gzip.decompress(compressed);
                plain = opened;
            }
            return opened;
        }

        @Override
        public int read() throws IOException {
            return plain().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return plain().read(target, offset, length);
        }

        @Override
        public void close() throws IOException {
            InputStream opened = plain;
            (opened == null ? compressed : opened).close();
        }
    }
}
