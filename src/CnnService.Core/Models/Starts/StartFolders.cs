namespace CnnService.Core.Models.Starts;

/// <summary>Where trained starts are found and kept.</summary>
/// <param name="Roots">
/// Folders that hold a folder a start; those that do not exist hold none. Of two starts with one name the first counts.
/// </param>
/// <param name="Prepared">Folder for the model packages made of them; can be deleted at any time.</param>
public sealed record StartFolders(IReadOnlyList<string> Roots, string Prepared)
{
    /// <summary>Name of the folder beside the program with the starts that come with it.</summary>
    public const string BuiltIn = "starts";
}
