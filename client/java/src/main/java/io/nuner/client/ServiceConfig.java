package io.nuner.client;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC service config that comes with the contract, for clients in every language: {@code service_config.json}.
 *
 * <p>Extraction is a pure function, so a call that one replica could not take is tried on another: three attempts,
 * UNAVAILABLE only, and no retries at all while too many calls fail. Replicas that report NOT_SERVING get no calls.
 * Format: grpc/doc/service_config.md; retries: gRPC proposal A6; health checks: proposal A17.
 */
final class ServiceConfig {
    private static final String FILE = "/nuner/v1/service_config.json";
    private static final TypeToken<Map<String, Object>> OBJECT = new TypeToken<>() {};

    private ServiceConfig() {}

    /** As gRPC for Java takes it: numbers are doubles. */
    static Map<String, ?> shipped() {
        try (Reader json = new InputStreamReader(open(), StandardCharsets.UTF_8)) {
            return new Gson().fromJson(json, OBJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JsonParseException e) {
            throw new IllegalStateException(FILE + " of nuner-proto cannot be read", e);
        }
    }

    private static InputStream open() {
        @Nullable InputStream file = ServiceConfig.class.getResourceAsStream(FILE);
        if (file == null) {
            throw new IllegalStateException(FILE + " is not on the class path; it is in nuner-proto");
        }
        return file;
    }
}
