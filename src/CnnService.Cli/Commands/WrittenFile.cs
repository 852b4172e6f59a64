namespace CnnService.Cli.Commands;

/// <param name="File">Its path.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record WrittenFile(string File, long Bytes);
