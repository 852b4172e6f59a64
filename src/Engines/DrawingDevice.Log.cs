namespace CnnService.Engines;

internal sealed partial class DrawingDevice
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Patterns and explanations are computed on the GPU: no training has it.")]
    private partial void LogGpu();

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Patterns and explanations are computed on the processor while a training has the GPU.")]
    private partial void LogTraining();

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Patterns and explanations are computed on the processor for {Minutes} minutes: the GPU's memory did not suffice.")]
    private partial void LogNoMemory(double minutes);
}
