using CnnService.Core.Common;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;

namespace CnnService.Web.Work;

/// <summary>Imports starts as other files are imported: in a process of its own.</summary>
internal sealed class StartImport(ModelImportProcess process) : IStartImport
{
    public Task<Outcome<string>> ImportAsync(ModelImportPlan plan, string folder, CancellationToken cancel) =>
        process.RunAsync(plan, folder, cancel).MapAsync(_ => Path.Combine(folder, ModelImportChild.PackageFolder));
}
