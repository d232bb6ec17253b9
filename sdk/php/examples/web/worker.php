<?php

// Beside the web server: takes what was asked for, has it run by a node, keeps what was verified.
// One worker at a time. It may be killed at any moment and started again.
//   php worker.php URL IDENTITY MODULE [--once]
// The token of the node stands in the environment: PLASM_TOKEN.

declare(strict_types=1);

require __DIR__ . '/../../src/autoload.php';
require __DIR__ . '/queue.php';

use Plasm\Client;
use Plasm\Exception\JobFailedException;
use Plasm\Exception\OverloadedException;
use Plasm\Exception\PlasmException;
use Plasm\Exception\UnavailableException;
use Plasm\Exception\VerificationException;
use Plasm\Http\Credentials;
use Plasm\Trust\Trust;

[, $url, $identity, $module] = $argv;
$once = in_array('--once', $argv, true);
$queue = new Queue(getenv('PLASM_QUEUE') ?: '/var/lib/my-site/plasm-queue');
$token = getenv('PLASM_TOKEN') ?: '';
$client = Client::connect($url, Trust::pin($identity), $token === '' ? null : Credentials::token($token));

$isFirst = true;
while (true) {
    $task = $queue->take($isFirst);
    $isFirst = $task !== null && $isFirst;
    if ($task === null) {
        if ($once) {
            exit(0);
        }
        sleep(1);
        continue;
    }
    [$id, $order] = $task;
    try {
        $client->submit($module, [
            'job_id' => $id,
            'nonce' => $order['nonce'],
            'start_time' => $order['start_time'],
            'stdin' => (string) base64_decode($order['stdin'], true),
            'max_seconds' => 30,
        ]);
        $result = $client->result($id);
        $queue->finish($id, [
            'id' => $id,
            'status' => $result->status(),
            'stdout' => base64_encode($result->stdout()),
            'receipt' => $result->receipt()->toJson(),
            'proof' => $result->receipt()->proof(),
        ]);
    } catch (UnavailableException|OverloadedException $later) {
        // Two minutes of patience are over: the task stays, and comes first after a new start.
        fwrite(STDERR, "worker: $id: {$later->getMessage()}\n");
        exit(1);
    } catch (VerificationException|JobFailedException $refused) {
        fwrite(STDERR, "worker: $id: {$refused->getMessage()}\n");
        $queue->finish($id, ['id' => $id, 'error' => 'there is no result that anybody vouches for']);
    } catch (PlasmException $error) {
        fwrite(STDERR, "worker: $id: {$error->getMessage()}\n");
        $queue->finish($id, ['id' => $id, 'error' => 'it could not be run']);
    }
}
