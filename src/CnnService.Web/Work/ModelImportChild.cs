using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Engines;

namespace CnnService.Web.Work;

/// <summary>
/// Entry point of the process that opens untrusted model files: the service's own executable with the verb <see cref="Verb"/>. Reads the
/// plan from the given folder, writes the package there, and reports the outcome as one line on standard output.
/// </summary>
internal static class ModelImportChild
{
    public const string Verb = "import-model";

    public const string PlanFile = "plan.json";

    public const string PackageFolder = "package";

    public static async Task<int> RunAsync(string folder)
    {
        var plan = JsonSerializer.Deserialize<ModelImportPlan>(
            await File.ReadAllBytesAsync(Path.Combine(folder, PlanFile), CancellationToken.None), CoreJson.Options)!;
        await using var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddLogging()
            .AddCnnEngines()
            .BuildServiceProvider();
        var outcome = provider.GetRequiredService<ModelImporter>()
            .Run(plan, Path.Combine(folder, PackageFolder), CancellationToken.None);
        await Console.Out.WriteLineAsync(new ModelImportAnswer(outcome.Problem, outcome.Succeeded ? outcome.Value.Report : null).ToLine());
        return 0;
    }
}

/// <summary>The child's result: a problem or a report.</summary>
internal sealed record ModelImportAnswer(Problem? Problem, ModelImportReport? Report)
{
    private const string Mark = "cnnservice-import ";

    public string ToLine() => Mark + JsonSerializer.Serialize(this, CoreJson.Options);

    /// <summary>Finds the result in what a child printed; null if there is none.</summary>
    public static ModelImportAnswer? Find(string output) =>
        output.Split('\n').LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal)) is { } line
        ? JsonSerializer.Deserialize<ModelImportAnswer>(line[Mark.Length..], CoreJson.Options)
        : null;
}
