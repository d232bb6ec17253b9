<?php

// A TLS server with a key of its own that shows somebody else's card to whoever asks.
//   impostor.php CERTIFICATE KEY CARD
// It prints its address, and then the first line and the Authorization of each request.

declare(strict_types=1);

[, $certificate, $key, $card] = $argv;
$context = stream_context_create(['ssl' => ['local_cert' => $certificate, 'local_pk' => $key]]);
$flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, $flags, $context) ?: exit(1);
fwrite(STDOUT, stream_socket_get_name($server, false) . "\n");
$body = (string) file_get_contents($card);
while (($client = @stream_socket_accept($server, 3600)) !== false) {
    if (@stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLSv1_3_SERVER) === true) {
        $head = '';
        while (!str_contains($head, "\r\n\r\n") && ($byte = (string) fread($client, 1)) !== '') {
            $head .= $byte;
        }
        if ($head !== '') {
            $token = preg_match('/^authorization:.*/mi', $head, $match) === 1 ? $match[0] : '';
            fwrite(STDOUT, strtok($head, "\r\n") . " $token\n");
            fwrite($client, 'HTTP/1.1 200 OK' . "\r\nContent-Length: " . strlen($body) . "\r\nConnection: close\r\n\r\n$body");
        }
    }
    fclose($client);
}
