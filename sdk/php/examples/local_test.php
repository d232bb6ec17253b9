<?php

// Runs hello.wasm on this machine and says what its receipt is worth.
//   php local_test.php [TEXT] [PATH OF plasmd]

declare(strict_types=1);

require __DIR__ . '/../src/autoload.php';

use Plasm\Client;
use Plasm\Exception\PlasmException;

try {
    $client = new Client(['mode' => 'local', 'plasmd_path' => $argv[2] ?? 'plasmd']);
    $job = $client->createJob(__DIR__ . '/../../../examples/hello.wasm')->withCpu(1)->withMemory(128)->withTimeout(30);
    $result = $job->submit($argv[1] ?? 'Hello, World!')->wait();

    echo $result->stdout(), "\n";
    echo $result->verification()->verdict->value, '  exit code ', $result->exitCode(), ', ',
    $result->receipt()->getWallTimeMs(), " ms, {$result->receipt()->getModuleHash()}\n";
} catch (PlasmException $error) {
    fwrite(STDERR, "local_test: {$error->getMessage()}\n");
    exit(1);
}
