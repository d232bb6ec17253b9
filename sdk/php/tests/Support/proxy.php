<?php

// A server between a client and a node's Unix socket that does one thing wrong.
//   proxy.php LISTEN NODE FAULT [ARGUMENT]
// Each request has a connection of its own. It says "ready" and, each time, what it has done.

declare(strict_types=1);

[, $listen, $node, $fault] = $argv;
$argument = $argv[4] ?? '';
$server = stream_socket_server("unix://$listen") ?: exit(1);
fwrite(STDOUT, "ready\n");
$times = 0;
while (true) {
    $client = @stream_socket_accept($server, 3600);
    if ($client === false) {
        exit(0);
    }
    $head = '';
    while (!str_contains($head, "\r\n\r\n") && ($byte = fread($client, 1)) !== false && $byte !== '') {
        $head .= $byte;
    }
    if ($head === '') {
        continue;
    }
    $body = '';
    if (preg_match('/^content-length: ([0-9]+)/mi', $head, $match) === 1) {
        // No more than is to come: PHP would wait for it.
        while (($left = (int) $match[1] - strlen($body)) > 0 && !feof($client)) {
            $body .= fread($client, $left);
        }
    }
    $line = strtok($head, "\r\n");
    $head = preg_replace('/\r\n\r\n$/', "\r\nConnection: close\r\n\r\n", $head);
    // What goes to the node.
    if ($fault === 'receipt-of' && preg_match('#^GET /v1/jobs/[^/ ]+/(receipt|proof) #', $line) === 1) {
        $head = preg_replace('#/v1/jobs/[^/ ]+/#', "/v1/jobs/$argument/", $head, 1);
    }
    if ($fault === 'busy' && str_starts_with($line, 'POST /v1/jobs ') && $times++ < 2) {
        $problem = '{"type":"about:blank","title":"","status":503,"code":"overloaded","detail":"busy"}';
        fwrite($client, "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Type: application/problem+json\r\nContent-Length: "
            . strlen($problem) . "\r\nConnection: close\r\n\r\n$problem");
        fclose($client);
        fwrite(STDOUT, "busy\n");
        continue;
    }
    if ($fault === 'answer' && str_starts_with($line, json_decode($argument)->to)) {
        $said = json_decode($argument);
        $text = $said->body . str_repeat($said->fill, 1_000_000);
        @fwrite($client, "HTTP/1.1 {$said->status} X\r\nContent-Type: application/json\r\nContent-Length: "
            . (strlen($text) + $said->missing) . "\r\nConnection: close\r\n\r\n$text");
        fclose($client);
        continue;
    }
    $upstream = stream_socket_client("unix://$node") ?: exit(2);
    if ($fault === 'cut-upload' && str_starts_with($line, 'PUT ') && $times++ === 0) {
        // The node gets the beginning, then the line is dead.
        fwrite($upstream, $head . substr($body, 0, intdiv(strlen($body), 2)));
        fclose($upstream);
        fclose($client);
        fwrite(STDOUT, "cut\n");
        continue;
    }
    fwrite($upstream, $head . $body);
    // What comes back: all of it, or as much as is let through.
    $most = match (true) {
        $fault === 'cut-events' && str_contains($line, '/events') && !str_contains($head, 'Last-Event-ID') => 'stdout',
        $fault === 'cut-blob' && str_starts_with($line, 'GET /v1/blobs/') && !str_contains($head, 'Range:') => 'half',
        $fault === 'cut-stdout' && str_contains($line, '/stdout') && $times === 0 => 'half',
        default => 'all',
    };
    $answer = '';
    while (!feof($upstream)) {
        $piece = (string) fread($upstream, 65_536);
        $answer .= $piece;
        if ($most === 'all' && $fault !== 'replace') {
            fwrite($client, $piece);
        }
        if ($most === 'stdout' && preg_match('/event: stdout\n.*?\n\n/s', $answer, $match, PREG_OFFSET_CAPTURE) === 1) {
            fwrite($client, substr($answer, 0, $match[0][1] + strlen($match[0][0])));
            break;
        }
    }
    if ($most === 'half') {
        fwrite($client, substr($answer, 0, intdiv(strlen($answer), 2)));
    }
    if ($most !== 'all') {
        ++$times;
        fwrite(STDOUT, "cut\n");
    }
    if ($fault === 'replace') {
        [$from, $to] = explode('=', $argument, 2);
        fwrite($client, str_contains($line, '/stdout') ? str_replace($from, $to, $answer) : $answer);
    }
    fclose($upstream);
    fclose($client);
}
