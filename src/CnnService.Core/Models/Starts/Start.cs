namespace CnnService.Core.Models.Starts;

/// <summary>A trained start that was found.</summary>
/// <param name="Manifest">Its description.</param>
/// <param name="Folder">Its folder.</param>
public sealed record Start(StartManifest Manifest, string Folder)
{
    public string Name => Manifest.Name;

    public string File => Path.Combine(Folder, Manifest.File);
}
