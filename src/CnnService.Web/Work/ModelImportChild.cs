using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Engines;

namespace CnnService.Web.Work;

/// <summary>
/// The process that opens a file which nobody vouches for: the service's own executable under the verb <see cref="Verb"/>. Takes a
/// folder with a request in it, leaves the package there, and tells the outcome on standard output in one line.
/// </summary>
internal static class ModelImportChild
{
    public const string Verb = "import-model";

    public const string RequestFile = "request.json";

    public const string PackageFolder = "package";

    public static async Task<int> RunAsync(string folder)
    {
        var request = JsonSerializer.Deserialize<ModelImportRequest>(
            await File.ReadAllBytesAsync(Path.Combine(folder, RequestFile), CancellationToken.None), CoreJson.Options)!;
        await using var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddLogging()
            .AddCnnEngines()
            .BuildServiceProvider();
        var outcome = provider.GetRequiredService<ModelImporter>()
            .Run(request, Path.Combine(folder, PackageFolder), CancellationToken.None);
        await Console.Out.WriteLineAsync(new ModelImportAnswer(outcome.Problem, outcome.Succeeded ? outcome.Value.Report : null).ToLine());
        return 0;
    }
}

/// <summary>What the child tells: a problem or a report.</summary>
internal sealed record ModelImportAnswer(Problem? Problem, ModelImportReport? Report)
{
    private const string Mark = "cnnservice-import ";

    public string ToLine() => Mark + JsonSerializer.Serialize(this, CoreJson.Options);

    /// <summary>The answer among what a child printed; null where there is none.</summary>
    public static ModelImportAnswer? Find(string output) =>
        output.Split('\n').LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal)) is { } line
        ? JsonSerializer.Deserialize<ModelImportAnswer>(line[Mark.Length..], CoreJson.Options)
        : null;
}
