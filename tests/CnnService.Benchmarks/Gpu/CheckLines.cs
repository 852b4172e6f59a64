using System.Diagnostics;
using System.Text.Json;

namespace CnnService.Benchmarks.Gpu;

/// <summary>Runs checks one after the other and prints a JSON object a line for each; a check that fails does not end the others.</summary>
internal sealed class CheckLines
{
    /// <summary>Whether all checks so far were well.</summary>
    public bool AllWell { get; private set; } = true;

    /// <summary>Runs one check and prints its line: name, seconds, <c>ok</c>, and the figures that it gives.</summary>
    /// <param name="name">Of the check.</param>
    /// <param name="check">Gives whether it is well, and figures.</param>
    public void Run(string name, Func<CheckResult> check)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            Print(name, start, check());
        }
#pragma warning disable CA1031 // A check that fails in whatever way is a line, and the next one is run.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Print(name, start, Failed(failure));
        }
    }

    /// <summary>The same of a check that waits.</summary>
    public async Task RunAsync(string name, Func<Task<CheckResult>> check)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            Print(name, start, await check());
        }
#pragma warning disable CA1031 // As above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Print(name, start, Failed(failure));
        }
    }

    private static CheckResult Failed(Exception failure) => new(false, ("error", $"{failure.GetType().Name}: {failure.Message}"));

    private void Print(string name, long start, CheckResult result)
    {
        AllWell &= result.IsWell;
        var line = new Dictionary<string, object?> { ["check"] = name, ["ok"] = result.IsWell };
        foreach (var (key, value) in result.Figures)
        {
            line[key] = value is double number ? double.IsFinite(number) ? Math.Round(number, 9) : $"{number}" : value;
        }

        line["seconds"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 2);
        Console.WriteLine(JsonSerializer.Serialize(line));
    }
}

/// <param name="IsWell">Whether it holds what it is to hold.</param>
/// <param name="Figures">What was measured.</param>
internal sealed record CheckResult(bool IsWell, params (string Name, object? Value)[] Figures);
