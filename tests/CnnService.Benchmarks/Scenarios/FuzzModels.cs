using System.Diagnostics;
using System.Globalization;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Mutated ONNX and safetensors files through the importer: each must end in a problem or a model, in at most two seconds and half a
/// gibibyte. The work is done in child processes, so that a crash is seen and counted; files that fail are kept.
/// </summary>
internal static class FuzzModels
{
    public const double MostSeconds = 2;
    public const long MostGrowth = 512L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Arguments arguments)
    {
        var (count, seed) = (arguments.Whole("--count", 10_000), arguments.Whole("--seed", 1));
        var kept = arguments.Text("--keep", Path.Combine(Path.GetTempPath(), "cnnservice-fuzz"));
        Directory.CreateDirectory(kept);
        var tally = new Tally();
        for (var next = 0; next < count;)
        {
            next = await RunChildAsync(next, count, seed, kept, tally);
        }

        Figures.Print(
            $"{count} mutated files, seed {seed}: {tally.Models} became models, {tally.Problems} problems; "
            + $"{tally.Crashes} crashes, {tally.Slow} over {MostSeconds} s, {tally.Large} over {MostGrowth >> 20} MiB");
        Figures.Print(
            $"slowest {tally.Slowest.Text()} s, largest growth {(tally.Largest / (1 << 20)).ToString(CultureInfo.InvariantCulture)} MiB; "
            + $"problems: {string.Join(", ", tally.Codes.OrderByDescending(code => code.Value).Select(code => $"{code.Key} "
                + $"{code.Value}"))}");
    }

    /// <summary>Answers the number of the file to go on with.</summary>
    private static async Task<int> RunChildAsync(int from, int to, int seed, string kept, Tally tally)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] command = [typeof(FuzzModels).Assembly.Location, "fuzz-models-child", $"{from}", $"{to}", $"{seed}", kept];
        foreach (var argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var next = from;
        try
        {
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                if (line.Split(' ') is ["file", var number, var seconds, var growth, var outcome])
                {
                    next = int.Parse(number, CultureInfo.InvariantCulture) + 1;
                    tally.Add(number, double.Parse(seconds, CultureInfo.InvariantCulture), long.Parse(growth, CultureInfo.InvariantCulture),
                        outcome);
                }
            }
        }
        catch (TimeoutException)
        {
            Console.WriteLine($"file {next}: no answer within {Patience.TotalSeconds} s");
            tally.Slow++;
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        if (next >= to)
        {
            return to;
        }

        if (process.ExitCode != 0)
        {
            Console.WriteLine($"file {next}: the process ended with {process.ExitCode}");
            tally.Crashes++;
            next++;
        }

        return next;
    }

    private sealed class Tally
    {
        public int Models { get; private set; }

        public int Problems { get; private set; }

        public int Crashes { get; set; }

        public int Slow { get; set; }

        public int Large { get; private set; }

        public double Slowest { get; private set; }

        public long Largest { get; private set; }

        public Dictionary<string, int> Codes { get; } = [];

        public void Add(string number, double seconds, long growth, string outcome)
        {
            (Slowest, Largest) = (Math.Max(Slowest, seconds), Math.Max(Largest, growth));
            if (seconds > MostSeconds || growth > MostGrowth)
            {
                Console.WriteLine($"file {number}: {seconds.Text()} s, {growth >> 20} MiB, {outcome}");
                Slow += seconds > MostSeconds ? 1 : 0;
                Large += growth > MostGrowth ? 1 : 0;
            }

            if (outcome == "model")
            {
                Models++;
                return;
            }

            Problems++;
            Codes[outcome] = Codes.GetValueOrDefault(outcome) + 1;
        }
    }
}
