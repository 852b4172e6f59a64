namespace CnnService.Cli.Gallery;

/// <summary>A figure of the gallery page.</summary>
/// <param name="Title">Heading above the image.</param>
/// <param name="Text">Caption: what the image shows.</param>
/// <param name="Path">Path and query of the call that returns the image.</param>
/// <param name="File">File name in the gallery's folder.</param>
internal sealed record GalleryFigure(string Title, string Text, string Path, string File);
