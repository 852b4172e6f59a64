using CnnService.Core.Common;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;

namespace CnnService.Cli.Commands;

/// <summary>Imports starts in this process: their files are checked by their hashes before.</summary>
internal sealed class StartImport(ModelImporter importer) : IStartImport
{
    public Task<Outcome<string>> ImportAsync(ModelImportPlan plan, string folder, CancellationToken cancel)
    {
        var package = Path.Combine(folder, "package");
        return Task.FromResult(importer.Run(plan, package, cancel).Map(_ => package));
    }
}
