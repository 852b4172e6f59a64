using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnService.Benchmarks;

/// <summary>The load generator wrk (Debian's package) with a script that prints one line of figures.</summary>
internal static partial class Wrk
{
    /// <summary>One thread of load on one URL.</summary>
    /// <param name="script">A Lua script that ends with <c>images/s 1.0  p50 1.0 ms  p99 1.0 ms  not 200: 0</c>.</param>
    /// <param name="url">Where to post.</param>
    /// <param name="images">Folder of JPEG files, the script's argument.</param>
    /// <param name="connections">Open at once.</param>
    /// <param name="seconds">How long.</param>
    public static async Task<Load> RunAsync(string script, Uri url, string images, int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        string[] arguments = ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "30s", "-s", script, url.ToString(), "--", images];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var line = Line().Match(output);
        return line.Success
            ? new(Number(line, 1), Number(line, 2), Number(line, 3), (int)Number(line, 4))
            : throw new InvalidOperationException($"wrk told no figures: {output}");
    }

    private static double Number(Match line, int group) => double.Parse(line.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"images/s ([\d.]+) +p50 ([\d.]+) ms +p99 ([\d.]+) ms +not 200: (\d+)")]
    private static partial Regex Line();
}

/// <summary>Images/s, latencies in ms, answers that were not 200.</summary>
internal readonly record struct Load(double Rate, double P50, double P99, int Bad);
