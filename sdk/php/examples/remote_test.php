<?php

// Runs hello.wasm on a node, shows its output while it comes, and then what was verified.
//   php remote_test.php URL IDENTITY TOKEN
//   php remote_test.php URL IDENTITY CERTIFICATE KEY
//   php remote_test.php unix:/path/of/plasmd.sock IDENTITY
// IDENTITY is what `plasmd key show identity` prints on the node: get it from its operator.

declare(strict_types=1);

require __DIR__ . '/../src/autoload.php';

use Plasm\Client;
use Plasm\Exception\PlasmException;
use Plasm\Http\Credentials;
use Plasm\LogEvent;
use Plasm\Trust\Trust;

if ($argc < 3) {
    fwrite(STDERR, "usage: php remote_test.php URL IDENTITY [TOKEN | CERTIFICATE KEY]\n");
    exit(2);
}

try {
    $credentials = match ($argc) {
        3 => Credentials::none(),
        4 => Credentials::token($argv[3]),
        default => Credentials::certificate($argv[3], $argv[4]),
    };
    $client = Client::connect($argv[1], Trust::pin($argv[2]), $credentials);
    $id = $client->submit(__DIR__ . '/../../../examples/hello.wasm', [
        'cpu' => 1,
        'max_seconds' => 15,
        'args' => ['Hello, World!'],
    ]);
    foreach ($client->logs($id) as $event) {
        echo $event->kind === LogEvent::STATE ? "[{$event->data}]\n" : "{$event->data}\n";
    }
    $result = $client->result($id);
    echo "verified: {$result->stdout()}\n";
    $place = $result->verification()->log;
    echo $result->verification()->verdict->value, "  $id, entry {$place?->index} of {$place?->size} in {$place?->origin}\n";
} catch (PlasmException $error) {
    fwrite(STDERR, "remote_test: {$error->getMessage()}\n");
    exit(1);
}
