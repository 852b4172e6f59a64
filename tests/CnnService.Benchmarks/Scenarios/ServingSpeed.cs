using System.Diagnostics;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// /classify with JPEG files over HTTP, in turn with a Node server on the same exported network and with what the machine allows. The load
/// generator runs on the same cores as the servers; it takes its share from both alike, and from the limit nothing.
/// </summary>
internal static class ServingSpeed
{
    private const int Port = 5299;

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of images, train/<class>");
        var peer = arguments.Required(1, "the peer's server.mjs, its packages installed beside it");
        var script = arguments.Required(2, "wrk's Lua script");
        var seconds = arguments.Whole("--seconds", 10);
        var connections = arguments.Text("--connections", "1,16").Split(',').Select(int.Parse).ToArray();
        var images = Directory.EnumerateDirectories(Path.Combine(data, "train")).Order(StringComparer.Ordinal).First();
        await using var bench = await Workbench.StartAsync();
        var onnx = await ArticleModel.PublishAsync(bench, data);
        using var machine = new MachineLimit(ArticleModel.Files(data), onnx);
        var file = Path.Combine(Path.GetTempPath(), $"cnnservice-{Guid.NewGuid():N}.onnx");
        await File.WriteAllBytesAsync(file, onnx);
        using var node = await StartAsync(peer, file);
        try
        {
            var ours = new Uri(bench.Service.Url, $"classify?model={ArticleModel.Name}");
            var theirs = new Uri($"http://127.0.0.1:{Port}/classify");
            await Wrk.RunAsync(script, ours, images, connections[^1], seconds); // Both as they are after their first minutes.
            await Wrk.RunAsync(script, theirs, images, connections[^1], seconds);
            var figures = connections.ToDictionary(count => count, _ => new List<(Load Ours, Load Theirs, double Limit)>());
            for (var round = 1; round <= arguments.Whole("--rounds", 3); round++)
            {
                foreach (var count in connections)
                {
                    var own = await Wrk.RunAsync(script, ours, images, count, seconds);
                    var other = await Wrk.RunAsync(script, theirs, images, count, seconds);
                    var (decode, network, both) = machine.Measure();
                    figures[count].Add((own, other, both));
                    Figures.Print(
                        $"round {round}, {count} connections: ours {Text(own)}; peer "
                        + $"{Text(other)}; decoding alone {decode.Text()}, network alone {network.Text()}, both {both.Text()} images/s");
                }
            }

            foreach (var (count, rounds) in figures)
            {
                var own = Figures.Median(rounds.Select(round => round.Ours.Rate));
                var other = Figures.Median(rounds.Select(round => round.Theirs.Rate));
                var limit = Figures.Median(rounds.Select(round => round.Limit));
                Figures.Print(
                    $"{count} connections, medians: {own.Text()} and {other.Text()} images/s, ratio "
                    + $"{(own / other).Text("F2")}; p50 {Figures.Median(rounds.Select(r => r.Ours.P50)).Text()} and "
                    + $"{Figures.Median(rounds.Select(r => r.Theirs.P50)).Text()} ms; p99 "
                    + $"{Figures.Median(rounds.Select(r => r.Ours.P99)).Text()} and "
                    + $"{Figures.Median(rounds.Select(r => r.Theirs.P99)).Text()} ms; "
                    + $"{(100 * own / limit).Text()} % of the limit {limit.Text()}");
            }
        }
        finally
        {
            node.Kill(entireProcessTree: true);
            File.Delete(file);
        }
    }

    private static string Text(Load load) => $"{load.Rate:F1} images/s, p50 {load.P50:F1} ms, p99 {load.P99:F1} ms, {load.Bad} not 200";

    private static async Task<Process> StartAsync(string peer, string onnx)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(peer)),
        };
        string[] arguments = [Path.GetFullPath(peer), onnx, $"{Port}", $"{MachineLimit.Side}"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var process = Process.Start(start)!;
        var first = await process.StandardOutput.ReadLineAsync();
        return first?.StartsWith("listening", StringComparison.Ordinal) == true
            ? process
            : throw new InvalidOperationException($"The peer said: {first}");
    }
}
