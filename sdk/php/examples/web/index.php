<?php

// What the web server runs. POST text: 202, with the address to look at. GET ?id=…: 202 while it
// runs, then 200 with the result. Nothing here waits for a job.

declare(strict_types=1);

require __DIR__ . '/queue.php';

const MOST_BYTES = 65_536;

$queue = new Queue(getenv('PLASM_QUEUE') ?: '/var/lib/my-site/plasm-queue');
header('Content-Type: application/json');

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $text = (string) file_get_contents('php://input', false, null, 0, MOST_BYTES + 1);
    if (strlen($text) > MOST_BYTES) {
        http_response_code(413);
        exit;
    }
    // All that the job's manifest depends on is chosen now: a worker that dies and begins again
    // submits the same bytes under the same name, and the node runs them once.
    $hex = bin2hex(random_bytes(16));
    $id = 'job-' . preg_replace('/^(.{8})(.{4})(.{4})(.{4})(.{12})$/', '$1-$2-$3-$4-$5', $hex);
    $queue->put($id, ['stdin' => base64_encode($text), 'nonce' => bin2hex(random_bytes(16)), 'start_time' => time()]);
    http_response_code(202);
    echo json_encode(['id' => $id, 'result' => "?id=$id"], JSON_THROW_ON_ERROR);
    exit;
}

$id = $_GET['id'] ?? '';
if (!is_string($id) || preg_match('/^job-[0-9a-f-]{36}$/D', $id) !== 1) {
    http_response_code(400);
    exit;
}
$answer = $queue->answer($id);
http_response_code($answer !== null ? 200 : ($queue->has($id) ? 202 : 404));
echo json_encode($answer ?? ['id' => $id], JSON_THROW_ON_ERROR);
