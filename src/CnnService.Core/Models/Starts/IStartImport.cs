using CnnService.Core.Common;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Models.Starts;

/// <summary>Imports the file of a start as a model package.</summary>
public interface IStartImport
{
    /// <summary>Writes the package of the plan's file. Problem codes: those of <see cref="ModelImporter"/>.</summary>
    /// <param name="plan">What to import.</param>
    /// <param name="folder">An empty folder to work in.</param>
    /// <param name="cancel">Ends the import.</param>
    /// <returns>The package's folder, below <paramref name="folder"/>.</returns>
    Task<Outcome<string>> ImportAsync(ModelImportPlan plan, string folder, CancellationToken cancel);
}
