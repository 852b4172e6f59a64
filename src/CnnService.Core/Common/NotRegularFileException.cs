namespace CnnService.Core.Common;

/// <summary>A pipe, device or socket stands where a file was expected, or a link where none is followed.</summary>
/// <param name="path">Its path, of which only the last part is told.</param>
public sealed class NotRegularFileException(string path) : IOException($"'{Path.GetFileName(path)}' is no regular file.");
