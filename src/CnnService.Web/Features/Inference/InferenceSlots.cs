using CnnService.Core.Common;
using CnnService.Onnx.Serving;
using CnnService.Web.Resources;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Inference;

/// <summary>As many batches of tensors at once as there are cores; as many may wait as for one model's classification.</summary>
internal sealed class InferenceSlots(IOptions<ServingOptions> options) : BoundedSlots(
    Environment.ProcessorCount, options.Value.QueueSize, new Problem(ProblemKind.Unavailable, "inference.queue-full", $"{options.Value.QueueSize} requests are waiting already."));
