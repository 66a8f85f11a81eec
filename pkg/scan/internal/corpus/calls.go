package corpus

import (
	"fmt"
	"strings"
	"time"
)

// usual writes a record of what accounts do all day.
func (f *file) usual() {
	n := f.IntN(total)
	for i := range calls {
		if n -= calls[i].share; n < 0 {
			f.call(&calls[i])
			return
		}
	}
}

// call is a kind of call with how many of a hundred and some it makes up.
type call struct {
	share        int
	name, source string
	write        bool
	request      func(*file)
	response     func(*file) // nil: null
}

var calls = []call{
	{share: 6, name: "AssumeRole", source: "sts", request: assumeRequest, response: (*file).credentials},
	{share: 14, name: "Decrypt", source: "kms", request: encryptionContext},
	{share: 6, name: "GenerateDataKey", source: "kms", request: encryptionContext},
	{share: 9, name: "DescribeInstances", source: "ec2", request: instanceFilter},
	{share: 4, name: "DescribeNetworkInterfaces", source: "ec2", request: instanceFilter},
	{share: 5, name: "DescribeVolumes", source: "ec2", request: instanceFilter},
	{share: 7, name: "GetBucketAcl", source: "s3", request: bucket},
	{share: 5, name: "GetBucketPolicy", source: "s3", request: bucket},
	{share: 8, name: "CreateLogStream", source: "logs", write: true, request: logStream},
	{share: 6, name: "UpdateInstanceInformation", source: "ssm", write: true, request: instanceInformation},
	{share: 5, name: "BatchGetImage", source: "ecr", request: image},
	{share: 4, name: "GetAuthorizationToken", source: "ecr", request: image},
	{share: 5, name: "DescribeTargetHealth", source: "elasticloadbalancing", request: targetGroup},
	{share: 4, name: "GetRole", source: "iam", request: role},
	{share: 3, name: "ListAttachedRolePolicies", source: "iam", request: role},
	{share: 4, name: "GetParametersByPath", source: "ssm", request: parameters},
	{share: 3, name: "GetFunction20150331v2", source: "lambda", request: function},
	{share: 1, name: "RunInstances", source: "ec2", write: true, request: instanceFilter, response: (*file).instances},
	{share: 1, name: "PutRolePolicy", source: "iam", write: true, request: rolePolicy},
	{share: 3, name: webIdentity},
}

var total = func() (n int) {
	for _, c := range calls {
		n += c.share
	}
	return n
}()

var agents = []string{
	"aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.2 md/GOARCH#arm64 md/GOOS#linux api/ec2#1.210.1 m/E,g",
	"Boto3/1.37.4 md/Botocore#1.37.4 ua/2.0 os/linux#6.1.128-136.201.amzn2023.x86_64 md/arch#x86_64 lang/python#3.12.9 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.37.4",
	"aws-cli/2.24.10 md/awscrt#0.23.8 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.9 md/prompt#off md/command#ec2.describe-instances",
	"APN/1.0 HashiCorp/1.0 Terraform/1.10.5 (+https://www.terraform.io) terraform-provider-aws/5.88.0 (+https://registry.terraform.io/providers/hashicorp/aws)",
	"amazon-ssm-agent/3.3.1611.0",
	"AWS Internal", "lambda.amazonaws.com", "ecs.amazonaws.com",
}

// call writes the record of a call that an assumed role made.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
func (f *file) call(c *call) {
	if c.name == webIdentity {
		f.webIdentity(false)
		return
	}
	s := &f.active[f.IntN(len(f.active))]
	f.buf = append(f.buf, '{')
	f.text("eventVersion", "1.11")
	f.assumedRole(s)
	f.text("eventTime", f.moment())
	f.text("eventSource", c.source+".amazonaws.com")
	f.text("eventName", c.name)
	f.text("awsRegion", f.region)
	f.text("sourceIPAddress", s.address)
	f.text("userAgent", s.agent)
	if f.IntN(40) == 0 {
		f.text("errorCode", "AccessDenied")
		f.quoted("errorMessage", "User: arn:aws:sts::"+account+":assumed-role/batch/i-0 is not authorized to perform: "+c.source+":"+c.name+" because no identity-based policy allows the action")
	}
	f.object("requestParameters", func() { c.request(f) })
	if c.response == nil {
		f.raw("responseElements", "null")
	} else {
		f.object("responseElements", func() { c.response(f) })
	}
	f.tail(!c.write, c.source+"."+f.region+".amazonaws.com")
}

// tail writes what every record ends with.
func (f *file) tail(readOnly bool, host string) {
	f.text("requestID", f.uuid())
	f.text("eventID", f.uuid())
	f.raw("readOnly", fmt.Sprint(readOnly))
	f.text("eventType", "AwsApiCall")
	f.raw("managementEvent", "true")
	f.text("recipientAccountId", account)
	f.text("eventCategory", "Management")
	f.object("tlsDetails", func() {
		f.text("tlsVersion", "TLSv1.3")
		f.text("cipherSuite", "TLS_AES_128_GCM_SHA256")
		f.text("clientProvidedHostHeader", host)
	})
	f.buf = append(f.buf, '}')
}

// session is one of an assumed role, which makes many calls.
type session struct{ role, name, principal, key, address, agent string }

var workloads = []string{"web-frontend", "batch", "karpenter-node", "ecs-task-execution", "data-pipeline", "backup", "observability-agent", "cluster-autoscaler"}

// sessions are those of five minutes in one region.
func (f *file) sessions() (all []session) {
	for range 80 {
		all = append(all, session{
			role: f.one(workloads), name: "i-" + f.random(17, hexDigits), principal: "AROA" + f.random(17, upper),
			key: "ASIA" + f.random(16, upper), address: f.address(), agent: f.one(agents),
		})
	}
	return all
}

// assumedRole is who makes most calls.
func (f *file) assumedRole(s *session) {
	f.object("userIdentity", func() {
		f.text("type", "AssumedRole")
		f.text("principalId", s.principal+":"+s.name)
		f.text("arn", "arn:aws:sts::"+account+":assumed-role/"+s.role+"/"+s.name)
		f.text("accountId", account)
		f.text("accessKeyId", s.key)
		f.object("sessionContext", func() {
			f.object("sessionIssuer", func() {
				f.text("type", "Role")
				f.text("principalId", s.principal)
				f.text("arn", roleARN(s.role))
				f.text("accountId", account)
				f.text("userName", s.role)
			})
			f.object("attributes", func() {
				f.text("creationDate", f.begin.Add(-time.Hour).Format(time.RFC3339))
				f.text("mfaAuthenticated", "false")
			})
		})
	})
}

func assumeRequest(f *file) {
	f.text("roleArn", roleARN(f.one(workloads)))
	f.text("roleSessionName", f.letters(20))
	f.text("externalId", f.uuid())
	f.number("durationSeconds", 3600)
}

// credentials are in the answer, the token among them, never the secret key.
func (f *file) credentials() {
	name := f.one(workloads)
	f.object("credentials", func() {
		f.text("accessKeyId", "ASIA"+f.random(16, upper))
		f.text("sessionToken", "IQoJb3JpZ2luX2Vj"+f.random(700+f.IntN(300), base64Text)+"=")
		f.text("expiration", f.begin.Add(time.Hour).Format("Jan 2, 2006, 3:04:05 PM"))
	})
	f.object("assumedRoleUser", func() {
		f.text("assumedRoleId", "AROA"+f.random(17, upper)+":session")
		f.text("arn", "arn:aws:sts::"+account+":assumed-role/"+name+"/session")
	})
}

func encryptionContext(f *file) {
	f.text("keyId", "arn:aws:kms:"+f.region+":"+account+":key/"+f.uuid())
	f.text("encryptionAlgorithm", "SYMMETRIC_DEFAULT")
	f.object("encryptionContext", func() {
		f.text("aws:lambda:FunctionArn", "arn:aws:lambda:"+f.region+":"+account+":function:"+f.one(workloads)+"-worker")
	})
}

func instanceFilter(f *file) {
	var items []string
	for range 1 + f.IntN(3)*f.IntN(4) {
		items = append(items, `{"instanceId":"`+f.active[f.IntN(len(f.active))].name+`"}`)
	}
	f.object("instancesSet", func() { f.raw("items", "["+strings.Join(items, ",")+"]") })
	f.raw("filterSet", "{}")
}

// instances make long records: a few of hundreds of kilobytes, most of ten.
func (f *file) instances() {
	n := 1 + f.IntN(3)
	if f.IntN(50) == 0 {
		n = 90
	}
	f.text("reservationId", "r-"+f.random(17, hexDigits))
	var items []string
	for range n {
		items = append(items, fmt.Sprintf(`{"instanceId":"i-%s","imageId":"ami-%s","currentState":{"code":0,"name":"pending"},"privateDnsName":"ip-10-%d-%d-%d.ec2.internal",`+
			`"keyName":"ops","amiLaunchIndex":%d,"productCodes":{},"instanceType":"m7g.2xlarge","launchTime":%d000,"placement":{"availabilityZone":"%sa","tenancy":"default"},`+
			`"monitoring":{"state":"pending"},"subnetId":"subnet-%s","vpcId":"vpc-0a1b2c3d4e5f60718","tagSet":{"items":[{"key":"Name","value":"batch \"%s\""},{"key":"cost-centre","value":"%d"}]}}`,
			f.random(17, hexDigits), f.random(17, hexDigits), f.IntN(256), f.IntN(256), f.IntN(256), f.IntN(9), f.begin.Unix(), f.region, f.random(17, hexDigits), f.letters(6), f.IntN(9999)))
	}
	f.object("instancesSet", func() { f.raw("items", "["+strings.Join(items, ",")+"]") })
}

func bucket(f *file) {
	name := f.one(workloads) + "-" + account
	f.text("bucketName", name)
	f.text("Host", name+".s3."+f.region+".amazonaws.com")
	f.text("acl", "")
}

func logStream(f *file) {
	f.text("logGroupName", "/aws/lambda/"+f.one(workloads)+"-worker")
	f.text("logStreamName", f.begin.Format("2006/01/02")+"/[$LATEST]"+f.random(32, hexDigits))
}

func instanceInformation(f *file) {
	f.text("instanceId", f.active[f.IntN(len(f.active))].name)
	f.text("agentVersion", "3.3.1611.0")
	f.text("agentStatus", "Active")
	f.text("platformType", "Linux")
	f.text("platformName", "Amazon Linux")
	f.text("iPAddress", f.address())
	f.text("computerName", "ip-10-0-0-1.ec2.internal")
	f.text("availabilityZone", f.region+"a")
}

func image(f *file) {
	f.text("registryId", account)
	f.text("repositoryName", "platform/"+f.one(workloads))
	f.raw("acceptedMediaTypes", `["application/vnd.docker.distribution.manifest.v2+json","application/vnd.oci.image.manifest.v1+json","application/vnd.oci.image.index.v1+json"]`)
	f.raw("imageIds", `[{"imageDigest":"sha256:`+f.random(64, hexDigits)+`"}]`)
}

func targetGroup(f *file) {
	f.text("targetGroupArn", "arn:aws:elasticloadbalancing:"+f.region+":"+account+":targetgroup/"+f.one(workloads)+"/"+f.random(16, hexDigits))
}

func role(f *file) { f.text("roleName", f.one(workloads)) }

func parameters(f *file) {
	f.text("path", "/"+f.one(workloads)+"/production/")
	f.raw("withDecryption", "true")
	f.number("maxResults", 10)
	f.raw("recursive", "true")
}

func function(f *file) {
	f.text("functionName", "arn:aws:lambda:"+f.region+":"+account+":function:"+f.one(workloads)+"-worker")
}

func rolePolicy(f *file) {
	role(f)
	f.text("policyName", "inline")
	f.quoted("policyDocument", "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\"], \"Resource\": \"arn:aws:s3:::"+f.letters(12)+"/*\"}]\n}")
}
