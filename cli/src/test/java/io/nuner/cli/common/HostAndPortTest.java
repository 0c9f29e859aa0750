package io.nuner.cli.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:8001, dns:///localhost:8001",
        "nuner.example.org.:1, dns:///nuner.example.org.:1",
        "ner_service-2:65535, dns:///ner_service-2:65535",
        "192.0.2.7:80, dns:///192.0.2.7:80",
        "unix:8001, dns:///unix:8001",
        "xds:8001, dns:///xds:8001",
        "[::1]:8001, [::1]:8001",
        "[::]:8001, [::]:8001",
        "[2001:db8::7]:8001, [2001:db8::7]:8001",
        "[1:2:3:4:5:6:7:8]:8001, [1:2:3:4:5:6:7:8]:8001",
        "[::ffff:192.0.2.7]:8001, [::ffff:192.0.2.7]:8001"
    })
    void anAddressIsUnderstoodAndPrintedAsItWasWritten(String text, String target) {
        HostAndPort address = HostAndPort.parse(text);

        assertThat(address).hasToString(text);
        assertThat(address.grpcTarget()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "localhost",
                ":8001",
                "localhost:",
                "localhost:abc",
                "localhost:0",
                "localhost:99999",
                "localhost:65536",
                "localhost:-1",
                "localhost:+80",
                "localhost:80a",
                "localhost:\u0661\u0662",
                "localhost:000001",
                "http://localhost:8001",
                "https://localhost:8001/",
                "grpc://localhost:8001",
                "xds:///x",
                "dns:///localhost:8001",
                "ipv4:127.0.0.1:8001",
                "unix:/x",
                "unix:x",
                "a,b:1",
                "a:1,b:2",
                "host name:1",
                " localhost:1",
                "localhost:1 ",
                "b\u00fccher.example:1",
                "a..b:1",
                ".a:1",
                "-a:1",
                "::1:8001",
                "[::1]",
                "[::1]8001",
                "[]:8001",
                "[1:2]:1",
                "[:::1]:1",
                "[1::2::3]:1",
                "[12345::]:1",
                "[1:2:3:4:5:6:7:8:9]:1",
                "[1:2:3:4:5:6:7::8]:1",
                "[::192.0.2]:1",
                "[::192.0.2.256]:1",
                "[fe80::1%lo]:1",
                "[localhost]:1",
                "[127.0.0.1]:1",
                "user@host:1",
                "user:secret@host:1",
                "a\u0000b:1",
                "a\nb:1"
            })
    void anythingElseIsRefusedWithoutRepeatingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostAndPort.parse(text))
                .withMessage("must be HOST:PORT, such as localhost:8001 or [::1]:8001, with a port from 1 to 65535");
    }

    @ParameterizedTest
    @CsvSource({"::1, [::1]:8001", "[::1], [::1]:8001", "fe80::1%lo, [fe80::1%lo]:8001", "0.0.0.0, 0.0.0.0:8001"})
    void anIpv6AddressIsPrintedInBrackets(String host, String printed) {
        assertThat(new HostAndPort(host, 8001)).hasToString(printed);
    }
}
