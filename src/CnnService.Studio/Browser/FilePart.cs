namespace CnnService.Studio.Browser;

/// <summary>A range of bytes of a dropped file.</summary>
/// <param name="File">Its number in the drop.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">Behind the last byte.</param>
internal readonly record struct FilePart(int File, long Start, long End);
