"""Papers and who looked at them, warnings before one ends, background checks, and what is kept encrypted."""

import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workers.pool_changes import watch, watch_more

CERTIFICATE = ["type_id", "expires_on"]
WATCHED = [
    watch_more("workers_workercertificate", "worker", "worker_id", CERTIFICATE, [*CERTIFICATE, "verified_on"]),
    watch("workers_paperspolicy", "all", None, ["unverified_certificates_count"]),
]


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0017_sent_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PapersPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unverified_certificates_count', models.BooleanField(db_default=False, default=False, verbose_name='未核验的证书也参与匹配')),
                ('warn_first_days', models.PositiveSmallIntegerField(db_default=30, default=30, verbose_name='到期前几天第一次提醒')),
                ('warn_last_days', models.PositiveSmallIntegerField(db_default=7, default=7, verbose_name='到期前几天再次提醒')),
                ('digest_at', models.TimeField(db_default=datetime.time(9, 0), default=datetime.time(9, 0), verbose_name='每日到期汇总时间')),
                ('standard_days', models.PositiveSmallIntegerField(db_default=365, default=365, verbose_name='标准背调有效天数')),
                ('high_days', models.PositiveSmallIntegerField(db_default=365, default=365, verbose_name='高信任背调有效天数')),
                ('uploads_an_hour', models.PositiveSmallIntegerField(db_default=20, default=20, verbose_name='每小时最多上传几份材料')),
                ('scan_days', models.PositiveSmallIntegerField(db_default=365, default=365, verbose_name='审核后图片保存天数')),
                ('refused_days', models.PositiveSmallIntegerField(db_default=90, default=90, verbose_name='未通过的材料保存天数')),
                ('vault_days', models.PositiveSmallIntegerField(db_default=90, default=90, verbose_name='离开后证件号与银行卡保存天数')),
                ('dispatcher_reveals', models.BooleanField(db_default=False, default=False, verbose_name='调度可查看完整证件号')),
                ('reveals_an_hour', models.PositiveSmallIntegerField(db_default=20, default=20, verbose_name='每人每小时最多查看几次')),
            ],
            options={
                'verbose_name': '资料与证件参数',
                'verbose_name_plural': '资料与证件参数',
            },
        ),
        migrations.AddField(
            model_name='workercertificate',
            name='verified_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核实人'),
        ),
        migrations.AddField(
            model_name='workercertificate',
            name='verified_on',
            field=models.DateField(blank=True, null=True, verbose_name='核实日期'),
        ),
        migrations.CreateModel(
            name='BackgroundCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(blank=True, max_length=100, verbose_name='文件')),
                ('small', models.CharField(blank=True, max_length=100, verbose_name='缩略图')),
                ('width', models.PositiveSmallIntegerField(default=0, verbose_name='宽')),
                ('height', models.PositiveSmallIntegerField(default=0, verbose_name='高')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, '标准背调'), (2, '高信任背调')], verbose_name='级别')),
                ('status', models.CharField(choices=[('requested', '待审核'), ('half', '待第二人复核'), ('passed', '已通过'), ('refused', '未通过'), ('expired', '已到期'), ('revoked', '已撤销')], default='requested', max_length=9, verbose_name='状态')),
                ('source', models.CharField(max_length=120, verbose_name='依据')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效期至')),
                ('imported', models.BooleanField(db_default=False, default=False, verbose_name='建档前已有')),
                ('requested_at', models.DateTimeField(verbose_name='发起时间')),
                ('first_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                ('second_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='结论时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='理由')),
                ('closed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='workers.worker')),
            ],
            options={
                'verbose_name': '背景核查',
                'verbose_name_plural': '背景核查',
                'ordering': ['requested_at', 'id'],
                'indexes': [models.Index(fields=['status', 'requested_at'], name='checks_in_turn')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('worker',), name='one_open_check'), models.CheckConstraint(condition=models.Q(('second_by__isnull', True), models.Q(('first_by__isnull', False), models.Q(('first_by', models.F('second_by')), _negated=True)), _connector='OR'), name='two_people'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('passed', 'expired', 'revoked')), _negated=True), ('imported', True), models.Q(('first_by__isnull', False), ('level', 1)), models.Q(('first_by__isnull', False), ('second_by__isnull', False)), _connector='OR'), name='check_approved')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(blank=True, max_length=100, verbose_name='文件')),
                ('small', models.CharField(blank=True, max_length=100, verbose_name='缩略图')),
                ('width', models.PositiveSmallIntegerField(default=0, verbose_name='宽')),
                ('height', models.PositiveSmallIntegerField(default=0, verbose_name='高')),
                ('level', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='等级')),
                ('status', models.CharField(choices=[('waiting', '待审核'), ('accepted', '已核验'), ('refused', '未通过'), ('withdrawn', '已撤回')], default='waiting', max_length=9, verbose_name='状态')),
                ('digest', models.CharField(max_length=64, verbose_name='内容指纹')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('sent_at', models.DateTimeField(verbose_name='上传时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                ('decision', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('issuer', models.CharField(blank=True, max_length=80, verbose_name='发证机构')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='证书编号')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效期至')),
                ('certificate', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.certificatetype')),
                ('course', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.course')),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('language', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.language')),
                ('skill', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.skill')),
                ('worker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='workers.worker')),
            ],
            options={
                'verbose_name': '证明材料',
                'verbose_name_plural': '证明材料',
                'ordering': ['sent_at', 'id'],
                'indexes': [models.Index(fields=['status', 'sent_at'], name='documents_in_turn'), models.Index(fields=['worker', 'sent_at'], name='documents_of_worker')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('certificate__isnull', False), ('course__isnull', True), ('language__isnull', True), ('skill__isnull', True)), models.Q(('certificate__isnull', True), ('course__isnull', True), ('language__isnull', True), ('skill__isnull', False)), models.Q(('certificate__isnull', True), ('course__isnull', True), ('language__isnull', False), ('skill__isnull', True)), models.Q(('certificate__isnull', True), ('course__isnull', False), ('language__isnull', True), ('skill__isnull', True)), _connector='OR'), name='document_of_one_thing'), models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('worker', 'certificate'), name='one_waiting_certificate'), models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('worker', 'skill'), name='one_waiting_skill'), models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('worker', 'language'), name='one_waiting_language'), models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('worker', 'course'), name='one_waiting_course')],
            },
        ),
        migrations.CreateModel(
            name='ExpiryWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=11, verbose_name='类型')),
                ('ref', models.BigIntegerField(verbose_name='编号')),
                ('until', models.DateField(verbose_name='有效期至')),
                ('step', models.PositiveSmallIntegerField(verbose_name='提前天数')),
                ('status', models.CharField(choices=[('open', '有效'), ('dropped', '已失效')], default='open', max_length=7, verbose_name='状态')),
                ('noticed_at', models.DateTimeField(verbose_name='发现时间')),
                ('told_on', models.DateField(blank=True, null=True, verbose_name='汇总日期')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expiry_warnings', to='workers.worker')),
            ],
            options={
                'verbose_name': '到期提醒',
                'verbose_name_plural': '到期提醒',
                'indexes': [models.Index(condition=models.Q(('status', 'open'), ('told_on__isnull', True)), fields=['id'], name='warnings_untold')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'ref', 'until', 'step'), name='one_warning_a_step')],
            },
        ),
        migrations.CreateModel(
            name='VaultEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('identity', '身份证号'), ('bank', '银行卡号')], max_length=8, verbose_name='类型')),
                ('key', models.CharField(db_index=True, editable=False, max_length=8, verbose_name='密钥')),
                ('content', models.BinaryField(verbose_name='密文')),
                ('digest', models.BinaryField(max_length=32, verbose_name='指纹')),
                ('hint', models.CharField(editable=False, max_length=19, verbose_name='掩码')),
                ('changed_at', models.DateTimeField(verbose_name='更新时间')),
                ('delete_at', models.DateTimeField(blank=True, null=True, verbose_name='删除时间')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vault', to='workers.worker')),
            ],
            options={
                'verbose_name': '证件与银行卡',
                'verbose_name_plural': '证件与银行卡',
                'indexes': [models.Index(fields=['kind', 'digest'], name='vault_digest')],
                'constraints': [models.UniqueConstraint(fields=('worker', 'kind'), name='one_secret_a_kind')],
            },
        ),
        *(migrations.RunSQL(forward, backward) for forward, backward in WATCHED),
    ]
