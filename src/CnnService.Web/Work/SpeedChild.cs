using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Runs;
using CnnService.Engines;

namespace CnnService.Web.Work;

/// <summary>
/// Entry point of the process that times this machine: the service's own executable with the verb <see cref="Verb"/>. Prints the outcome as
/// one line on standard output.
/// </summary>
internal static class SpeedChild
{
    public const string Verb = "measure-speed";

    private const string Mark = "cnnservice-speed ";

    public static async Task<int> RunAsync()
    {
        await using var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddLogging()
            .AddCnnEngines()
            .BuildServiceProvider();
        var measured = provider.GetRequiredService<MachineSpeedMeter>().Measure();
        await Console.Out.WriteLineAsync(measured.Match(
            speed => Mark + JsonSerializer.Serialize(speed, CoreJson.Options), problem => problem.Detail));
        return measured.Succeeded ? 0 : 1;
    }

    /// <summary>Finds the result in what the process printed; null if there is none.</summary>
    public static MachineSpeed? Find(string output) =>
        output.Split('\n').LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal)) is { } line
            ? JsonSerializer.Deserialize<MachineSpeed>(line[Mark.Length..], CoreJson.Options)
            : null;
}
